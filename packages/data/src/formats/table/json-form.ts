import { firstLinesOf } from "../../files/first-lines";

/** The bytes of a line from which on it is no object of a table, so that large files of one line are not read for nothing. */
const longestLine = 16_000_000;

/**
 * The form of a JSON file that is a table: an array of objects, or an object in each line. Undefined for any other JSON, such as an
 * object from identifiers to texts.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function jsonForm(file: string): Promise<"array" | "lines" | undefined> {
  const [first = "", second = ""] = (await firstLinesOf(file, 2, longestLine)).map((line) => line.trim());
  if (/^\[\s*\{/.test(first) || (first === "[" && second.startsWith("{"))) return "array";
  return /^\{.*\}$/s.test(first) && second.startsWith("{") ? "lines" : undefined;
}
