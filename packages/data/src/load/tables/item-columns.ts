import type { ItemAttributes, ItemColumn, ItemColumns } from "@dmrec/core";
import type { TableValues } from "../../formats/table/table";
import { tagsOf, textOf } from "./attributes-of";

/** Items with a text from which on a column without any repetition counts as identifiers or prose. */
const enoughTexts = 100;

/** The year at the end of titles, as in `Heat (1995)`. */
const yearOfTitle = /\((\d{4})\)\s*$/;

/**
 * Makes columns to filter by from the values of each item: numbers if all values are numbers, otherwise texts. The texts of a
 * value are those between `|`, or between all separators of tags in columns of tags. Columns in which no text repeats, such as
 * addresses, are left out.
 *
 * @param rows The values of each item by column; none for an item without a row.
 * @param names The columns to keep.
 * @param tags Names of columns of tags.
 * @param words Columns of words between spaces.
 */
export function makeItemColumns(
  rows: readonly (TableValues | undefined)[],
  {
    names,
    tags,
    words = new Set(),
  }: {
    readonly names: readonly string[];
    readonly tags: readonly string[];
    readonly words?: ReadonlySet<string>;
  },
): ItemColumns {
  const columns = names.flatMap((name): [string, ItemColumn][] => {
    const values = rows.map((row) => row?.[name]);
    const isTag = tags.includes(name);
    const column = numbersOf(values) ?? textsOf(values, (value) => partsOf(value, isTag, words.has(name)));
    return column ? [[name, column]] : [];
  });
  return Object.fromEntries(columns);
}

/** The columns with one of the years at the end of titles, if they have no column of years and most titles have a year. */
export function withYears(columns: ItemColumns, attributes: readonly ItemAttributes[]): ItemColumns {
  if (Object.keys(columns).some((name) => /^year$/i.test(name))) return columns;
  const titles = attributes.map(({ title }) => title);
  const values = titles.map((title) => {
    const year = title?.match(yearOfTitle)?.[1];
    return year === undefined ? null : Number(year);
  });
  const titled = titles.filter((title) => title !== undefined).length;
  const dated = values.filter((year) => year !== null).length;
  return titled > 0 && 2 * dated > titled ? { ...columns, year: { kind: "numbers", values } } : columns;
}

function numbersOf(values: readonly unknown[]): ItemColumn | undefined {
  const texts = values.map(textOf);
  if (!texts.some((text) => text !== "")) return undefined;
  const numbers = texts.map((text) => (text === "" ? null : Number(text)));
  return numbers.every((number) => number === null || Number.isFinite(number))
    ? { kind: "numbers", values: numbers }
    : undefined;
}

function textsOf(
  values: readonly unknown[],
  partsOf: (value: unknown) => readonly string[],
): ItemColumn | undefined {
  const indices = new Map<string, number>();
  let count = 0;
  const lists = values.map((value) => {
    const texts = [...new Set(partsOf(value))];
    count += texts.length;
    return texts.map((text) => {
      const index = indices.get(text) ?? indices.size;
      indices.set(text, index);
      return index;
    });
  });
  if (count === 0 || (count >= enoughTexts && indices.size === count)) return undefined;
  return { kind: "texts", texts: [...indices.keys()], values: lists };
}

function partsOf(value: unknown, isTag: boolean, isWords: boolean): readonly string[] {
  if (isTag) return tagsOf(value, isWords);
  if (typeof value === "boolean") return [String(value)];
  const parts = Array.isArray(value) ? value.map(textOf) : textOf(value).split("|");
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
