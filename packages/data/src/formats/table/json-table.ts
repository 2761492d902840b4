import { InvalidDataError } from "@dmrec/core";
import { parseJson } from "../../files/parse-json";
import { readText } from "../../files/read-file";
import { textLines } from "../../files/text-lines";
import type { InvalidLineHandler, Table, TableRow, TableValues } from "./table";

/** Objects that are asked for their fields: a field that the first one lacks may be in the next. */
const sampledObjects = 100;
/** The most broken lines before the first object. */
const mostBrokenLines = 1000;

/**
 * Opens JSON lines, an object for each row, as a table. Its columns are the fields of the first objects.
 *
 * @throws InvalidDataError if the file is empty or cannot be read, or none of its first lines is an object.
 */
export async function openJsonLines(file: string): Promise<Table> {
  const columns = new Set<string>();
  let count = 0;
  let broken = 0;
  let firstError: InvalidDataError | undefined;
  // The stream of rows meets the same lines, whose reader may leave them out.
  const skip = (error: InvalidDataError) => {
    firstError ??= error;
    broken += 1;
    // A large file of something else is not read to its end, which would take minutes.
    if (count === 0 && broken > mostBrokenLines) throw firstError;
  };
  for await (const { values } of linesOf(file, skip)) {
    for (const name of Object.keys(values)) columns.add(name);
    count += 1;
    if (count === sampledObjects) break;
  }
  if (count === 0)
    throw (
      firstError ??
      new InvalidDataError({ source: file, actual: "is empty", expected: "a JSON object a line" })
    );
  return { source: file, columns: [...columns], rows: (onInvalidLine) => linesOf(file, onInvalidLine) };
}

async function* linesOf(file: string, onInvalidLine?: InvalidLineHandler): AsyncGenerator<TableRow> {
  for await (const { text, number } of textLines(file)) {
    if (text.trim() === "") continue;
    const location = `line ${number}`;
    let values: TableValues;
    try {
      values = objectOf(parseJson(file, text, location), file, location);
    } catch (error) {
      if (!onInvalidLine || !InvalidDataError.isInstance(error)) throw error;
      onInvalidLine(error);
      continue;
    }
    yield { values, line: number };
  }
}

/**
 * Opens a JSON array of objects as a table.
 *
 * @throws InvalidDataError if it is no such array or cannot be read.
 */
export async function openJsonArray(file: string): Promise<Table> {
  const array = parseJson(file, await readText(file));
  if (!Array.isArray(array) || array.length === 0) {
    const actual = Array.isArray(array) ? "an empty array" : "JSON that is not an array";
    throw new InvalidDataError({ source: file, actual, expected: "an array of objects" });
  }
  const objects = array.map((value: unknown, index) => objectOf(value, file, `entry ${index}`));
  const columns = new Set(objects.slice(0, sampledObjects).flatMap((values) => Object.keys(values)));
  async function* rows(): AsyncGenerator<TableRow> {
    for (const [index, values] of objects.entries()) yield { values, line: index + 1 };
  }
  return { source: file, columns: [...columns], rows };
}

function objectOf(value: unknown, source: string, location: string): TableValues {
  if (isRecord(value)) return value;
  const actual = "JSON that is not an object";
  throw new InvalidDataError({ source, location, actual, expected: "a JSON object" });
}

function isRecord(value: unknown): value is TableValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
