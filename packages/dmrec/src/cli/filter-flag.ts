import {
  checkOptions,
  describeItemColumns,
  type FilterCondition,
  type ItemColumn,
  type ItemColumns,
  type ItemFilter,
  itemFilterSchema,
} from "@dmrec/core";
import { distance } from "fastest-levenshtein";

/** The number of similar texts that a message suggests. */
const mostNear = 3;

/**
 * The filter that `--filter` names: `genres=Comedy,Drama`, `year=1990..1999`, or the whole as JSON.
 *
 * @param texts The values of the flag, whose conditions all hold.
 * @param fail Makes the error for one that is no filter, from a sentence about it.
 */
export function parseFilterFlag(
  texts: readonly string[] | undefined,
  columns: ItemColumns | undefined,
  fail: (message: string) => Error,
): ItemFilter | undefined {
  if (texts === undefined) return undefined;
  if (!columns)
    throw fail("the items of this data have no columns to filter by; add a table of items to its folder");
  const filter = new Map<string, FilterCondition>();
  for (const text of texts) {
    const conditions = text.trim().startsWith("{") ? fromJson(text, fail) : fromPair(text, columns, fail);
    for (const [name, condition] of Object.entries(conditions)) {
      if (filter.has(name))
        throw fail(`has two conditions on ${name}; expected one, such as --filter "${name}=A,B" for either`);
      filter.set(name, condition);
    }
  }
  return Object.fromEntries(filter);
}

/**
 * Refuses a filter that no item meets, and a text that no item has.
 *
 * @param mask `[items]`: 1 for each item that meets the filter, 0 for the others.
 * @param fail Makes the error, from a sentence.
 */
export function assertFilterMatches(
  filter: ItemFilter,
  columns: ItemColumns,
  { mask, fail }: { readonly mask: Uint8Array; readonly fail: (message: string) => Error },
): void {
  for (const [name, condition] of Object.entries(filter)) {
    const column = columns[name];
    if (column.kind === "texts") assertTexts(name, column.texts, textsOf(condition), fail);
  }
  if (mask.includes(1)) return;
  const ranges = Object.keys(filter).flatMap((name) => {
    const column = columns[name];
    return column.kind === "numbers" ? rangeOf(name, column.values) : [];
  });
  const hint = ranges.length > 0 ? `; ${ranges.join(", ")}` : "; ask for less at a time";
  throw fail(`no item meets ${Object.keys(filter).join(" and ")} as asked${hint}`);
}

function textsOf(condition: FilterCondition): readonly string[] {
  const list = Array.isArray(condition) ? condition : [condition];
  return list.filter((value) => typeof value === "string");
}

function assertTexts(
  name: string,
  known: readonly string[],
  texts: readonly string[],
  fail: (message: string) => Error,
): void {
  const unknown = texts.find((text) => !known.some((each) => isAlike(each, text)));
  if (unknown === undefined) return;
  const nearness = (text: string) => distance(text.toLowerCase(), unknown.trim().toLowerCase());
  const near = known
    .map((text) => ({ text, nearness: nearness(text) }))
    .sort((a, b) => a.nearness - b.nearness)
    .slice(0, mostNear)
    .map(({ text }) => JSON.stringify(text));
  throw fail(
    `${name}: no item has ${JSON.stringify(unknown)}; the nearest that there are: ${near.join(", ")}`,
  );
}

/** The range of the numbers in a column, in words. Empty if no item has a number. */
function rangeOf(name: string, values: readonly (number | null)[]): readonly string[] {
  const [low, high] = values.reduce<readonly [number, number]>(
    ([low, high], value) => (value === null ? [low, high] : [Math.min(low, value), Math.max(high, value)]),
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return low <= high ? [`${name} is from ${low} to ${high}`] : [];
}

function fromJson(text: string, fail: (message: string) => Error): ItemFilter {
  try {
    const parsed: unknown = JSON.parse(text);
    const result = checkOptions(itemFilterSchema, parsed);
    if (result.success) return result.data;
    const [{ path, message }] = result.issues;
    throw fail(path === "" ? message : `${path}: ${message}`);
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw fail(`${JSON.stringify(text)} is no JSON; expected one such as '{"genres": "Comedy"}'`);
    throw cause;
  }
}

function fromPair(text: string, columns: ItemColumns, fail: (message: string) => Error): ItemFilter {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0)).trim();
  const known = describeItemColumns(columns);
  if (name === "")
    throw fail(
      `${JSON.stringify(text)} is no condition; expected COLUMN=VALUE, such as genres=Comedy or year=1990..1999, with one of ${known}`,
    );
  const value = text.slice(at + 1).trim();
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  return { [name]: column ? conditionOf(column, value, (message) => fail(`${name}: ${message}`)) : value };
}

function conditionOf(column: ItemColumn, text: string, fail: (message: string) => Error): FilterCondition {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.includes("")) throw fail("has an empty value; expected values between commas");
  // A text with a comma, such as an author, may be one value.
  if (column.kind === "texts") return column.texts.some((known) => isAlike(known, text)) ? text : parts;
  const numberOf = (part: string) => {
    const number = Number(part);
    if (part.trim() !== "" && Number.isFinite(number)) return number;
    throw fail(
      `${JSON.stringify(text)} in a column of numbers; expected a number, numbers between commas, or a range such as 1..5, 1.. or ..5`,
    );
  };
  const ends = text.split("..");
  if (ends.length !== 2) return parts.map(numberOf);
  const [from, to] = ends.map((end) => (end.trim() === "" ? undefined : numberOf(end)));
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function isAlike(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
