import { InvalidDataError } from "@dmrec/core";
import { parseJson } from "../../files/parse-json";
import { readText } from "../../files/read-file";
import { textLines } from "../../files/text-lines";
import { parsePython } from "../text/python-literal";
import { jsonForm } from "./json-form";
import { type InvalidLineHandler, isRecord, type Table, type TableRow, type TableValues } from "./table";
import { withoutLists } from "./unnested-table";

/** Objects that are asked for their fields: a field that the first one lacks may be in the next. */
const sampledObjects = 100;
/** The most broken lines before the first object. */
const mostBrokenLines = 1000;

/**
 * Opens JSON as a table: an array of objects, or an object in each line.
 *
 * @throws InvalidDataError if it is neither or cannot be read.
 */
export async function openJson(file: string): Promise<Table> {
  return (await jsonForm(file)) === "lines" ? openJsonLines(file) : openJsonArray(file);
}

/**
 * Opens JSON lines, an object for each row, as a table. Its columns are the fields of the first objects. Lines may be dictionaries as
 * Python writes them, too.
 *
 * @throws InvalidDataError if the file is empty or cannot be read, or none of its first lines is an object.
 */
export async function openJsonLines(file: string): Promise<Table> {
  const sample: TableValues[] = [];
  let broken = 0;
  let firstError: InvalidDataError | undefined;
  // The stream of rows meets the same lines, whose reader may leave them out.
  const skip = (error: InvalidDataError) => {
    firstError ??= error;
    broken += 1;
    // A large file of something else is not read to its end, which would take minutes.
    if (sample.length === 0 && broken > mostBrokenLines) throw firstError;
  };
  for await (const { values } of linesOf(file, skip)) {
    sample.push(values);
    if (sample.length === sampledObjects) break;
  }
  if (sample.length === 0)
    throw (
      firstError ??
      new InvalidDataError({ source: file, actual: "is empty", expected: "a JSON object a line" })
    );
  return withoutLists(
    { source: file, ...columnsOf(sample), rows: (onInvalidLine) => linesOf(file, onInvalidLine) },
    sample,
  );
}

async function* linesOf(file: string, onInvalidLine?: InvalidLineHandler): AsyncGenerator<TableRow> {
  for await (const { text, number } of textLines(file)) {
    if (text.trim() === "") continue;
    const location = `line ${number}`;
    let values: TableValues;
    try {
      values = objectOf(parseLine(file, text, location), file, location);
    } catch (error) {
      if (!onInvalidLine || !InvalidDataError.isInstance(error)) throw error;
      onInvalidLine(error);
      continue;
    }
    yield { values, line: number };
  }
}

/** A line of JSON, or a dictionary as Python writes it, whose names are between single quotes. */
function parseLine(file: string, text: string, location: string): unknown {
  const parsed = /^\s*\{\s*u?'/.test(text) ? parsePython(text) : undefined;
  return parsed ? parsed.value : parseJson(file, text, location);
}

/**
 * Opens a JSON array of objects as a table.
 *
 * @throws InvalidDataError if it is no such array or cannot be read.
 */
async function openJsonArray(file: string): Promise<Table> {
  const array = parseJson(file, await readText(file));
  if (!Array.isArray(array) || array.length === 0) {
    const actual = Array.isArray(array) ? "an empty array" : "JSON that is no array and no object a line";
    throw new InvalidDataError({
      source: file,
      actual,
      expected: "an array of objects, or an object in each line",
    });
  }
  const objects = array.map((value: unknown, index) => objectOf(value, file, `entry ${index}`));
  const sample = objects.slice(0, sampledObjects);
  async function* rows(): AsyncGenerator<TableRow> {
    for (const [index, values] of objects.entries()) yield { values, line: index + 1 };
  }
  return withoutLists({ source: file, ...columnsOf(sample), rows }, sample);
}

/** The fields of the first objects, and those that some of them lack. Objects with an identifier are columns by their fields. */
function columnsOf(sample: readonly TableValues[]): Pick<Table, "columns" | "optionalColumns"> {
  const counts = new Map<string, number>();
  for (const values of sample)
    for (const [name, value] of Object.entries(values))
      if (!isRecord(value) || !Object.hasOwn(value, "id")) counts.set(name, (counts.get(name) ?? 0) + 1);
  const columns = [...counts.keys()];
  const optional = columns.filter((name) => counts.get(name) !== sample.length);
  return { columns, optionalColumns: new Set(optional) };
}

function objectOf(value: unknown, source: string, location: string): TableValues {
  if (isRecord(value)) return withNested(value);
  const actual = "JSON that is not an object";
  throw new InvalidDataError({ source, location, actual, expected: "a JSON object" });
}

/** Fields of nested objects that become columns: `{ item: { id, title } }` has the columns `item.id` and `item.title`. */
const nestedFields = ["id", "name", "title"];

function withNested(values: TableValues): TableValues {
  const names = Object.keys(values).filter((name) => isRecord(values[name]));
  if (names.length === 0) return values;
  const nested = names.flatMap((name) =>
    Object.entries(values[name] ?? {}).flatMap(([field, value]) =>
      nestedFields.includes(field) ? [[`${name}.${field}`, value]] : [],
    ),
  );
  return { ...values, ...Object.fromEntries(nested) };
}
