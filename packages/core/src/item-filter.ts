import { z } from "zod";
import { describeItemColumns, type ItemColumn, type ItemColumns } from "./item-columns";

/** A range of numbers with both ends, or one that is open at an end. */
export interface NumberRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * The condition on a column: one of some texts or numbers, or a range of numbers. Texts are compared without regard to upper
 * and lower case. An item with several texts, such as genres, needs one of them. An item without a value meets no condition.
 */
export type FilterCondition = string | number | readonly (string | number)[] | NumberRange;

/**
 * Conditions by column, all of which an item has to meet.
 *
 * @example
 * const filter: ItemFilter = { genres: ["Comedy", "Drama"], year: { from: 1990, to: 1999 } };
 */
export type ItemFilter = Readonly<Record<string, FilterCondition>>;

const form = {
  error: "expected a text, a number, a list of them, or a range such as { from: 1990, to: 1999 }",
};
const rangeSchema = z.strictObject({ from: z.number().optional(), to: z.number().optional() }, form);

/** Checks the form of a filter; {@link ItemFilters} checks it against the columns. */
export const itemFilterSchema = z.preprocess(
  (filter: ItemFilter, { addIssue }) => {
    // z.record drops this key, so a request would be answered as if it had no such condition.
    if (Object.hasOwn(Object(filter), "__proto__"))
      addIssue({ code: "custom", message: 'no column "__proto__"; expected columns of the items' });
    return filter;
  },
  z.record(
    z.string(),
    z.union(
      [z.string(), z.number(), z.array(z.union([z.string(), z.number()])).readonly(), rangeSchema],
      form,
    ),
  ),
);

/** Masks that are kept, because clients ask by the same few filters. */
const keptMasks = 64;

/** The filters of a table of items. */
export class ItemFilters {
  readonly #columns: ItemColumns;
  readonly #itemCount: number;
  /** By the filter as JSON, the last used last. */
  readonly #masks = new Map<string, Uint8Array>();

  constructor(columns: ItemColumns, itemCount: number) {
    this.#columns = columns;
    this.#itemCount = itemCount;
  }

  /**
   * The items that meet a filter, `[items]`: 1 for each that does, otherwise 0. The array is shared; do not change it.
   *
   * @param fail Makes the error for a filter that does not fit the columns, from the path in the filter and a sentence.
   */
  mask(filter: ItemFilter, fail: (path: readonly string[], message: string) => Error): Uint8Array {
    const key = JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
    const mask = this.#masks.get(key) ?? this.#compute(filter, fail);
    this.#masks.delete(key);
    this.#masks.set(key, mask);
    const [oldest] = this.#masks.keys();
    if (this.#masks.size > keptMasks) this.#masks.delete(oldest);
    return mask;
  }

  /** The items that do not meet a filter, for those who leave items out. The parameters are those of {@link ItemFilters.mask}. */
  itemsOutside(filter: ItemFilter, fail: (path: readonly string[], message: string) => Error): number[] {
    const mask = this.mask(filter, fail);
    const items: number[] = [];
    for (const [item, isInside] of mask.entries()) if (isInside === 0) items.push(item);
    return items;
  }

  #compute(filter: ItemFilter, fail: (path: readonly string[], message: string) => Error): Uint8Array {
    const mask = new Uint8Array(this.#itemCount).fill(1);
    for (const [name, condition] of Object.entries(filter)) {
      if (!Object.hasOwn(this.#columns, name)) throw fail([], this.#unknown(name));
      const column = this.#columns[name];
      const meets = conditionOn(column, condition, (message) => fail([name], message));
      for (let item = 0; item < mask.length; item += 1) if (!meets(item)) mask[item] = 0;
    }
    return mask;
  }

  #unknown(name: string): string {
    const known = describeItemColumns(this.#columns);
    if (known === "") return `no column ${JSON.stringify(name)}: the items have no columns to filter by`;
    return `no column ${JSON.stringify(name)}; expected one of ${known}`;
  }
}

function conditionOn(
  column: ItemColumn,
  condition: FilterCondition,
  fail: (message: string) => Error,
): (item: number) => boolean {
  const list = Array.isArray(condition) ? condition : [condition];
  if (column.kind === "texts") {
    const texts = list.filter((value) => typeof value === "string");
    if (texts.length < list.length)
      throw fail(`holds texts; expected a text or a list of texts, such as ${example(column.texts)}`);
    const wanted = new Set(texts.map(folded));
    const isWanted = column.texts.map((text) => wanted.has(folded(text)));
    return (item) => column.values[item].some((text) => isWanted[text]);
  }
  const { values } = column;
  if (isRange(condition)) {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition;
    if (from > to) throw fail(`from ${from} is above to ${to}; expected the lower number as from`);
    return (item) => {
      const value = values[item];
      return value !== null && value >= from && value <= to;
    };
  }
  const numbers = new Set(list.flatMap((value) => (typeof value === "number" ? [value] : [])));
  if (list.some((value) => typeof value !== "number"))
    throw fail("holds numbers; expected a number, a list of numbers, or a range such as { from: 1, to: 5 }");
  return (item) => {
    const value = values[item];
    return value !== null && numbers.has(value);
  };
}

function isRange(condition: FilterCondition): condition is NumberRange {
  return typeof condition === "object" && !Array.isArray(condition);
}

function example(texts: readonly string[]): string {
  return texts.length === 0 ? '"Comedy"' : JSON.stringify(texts[0]);
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
