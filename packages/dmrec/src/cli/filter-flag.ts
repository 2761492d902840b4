import {
  describeItemColumns,
  type FilterCondition,
  type ItemColumn,
  type ItemColumns,
  type ItemFilter,
  itemFilterSchema,
} from "@dmrec/core";

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
  const filter: Record<string, FilterCondition> = {};
  for (const text of texts) {
    const conditions = text.trim().startsWith("{") ? fromJson(text, fail) : fromPair(text, columns, fail);
    for (const [name, condition] of Object.entries(conditions)) {
      if (Object.hasOwn(filter, name))
        throw fail(`has two conditions on ${name}; expected one, such as --filter "${name}=A,B" for either`);
      filter[name] = condition;
    }
  }
  return filter;
}

function fromJson(text: string, fail: (message: string) => Error): ItemFilter {
  try {
    const result = itemFilterSchema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
    const [{ path, message }] = result.error.issues;
    throw fail([...path.map(String), message].join(": "));
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
  return a.toLowerCase() === b.toLowerCase();
}
