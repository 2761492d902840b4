import { firstLinesOf } from "../../files/first-lines";
import { formatExtension } from "../../files/format-extension";
import { delimitedFields } from "./delimited-fields";
import { openDelimitedText } from "./delimited-text";
import type { Table } from "./table";

/** Delimiters, in the order in which the first line is searched for them. */
const delimiters = ["::", "\t", ",", ";", "|", " "];
/** Lines whose fields are counted. */
const sampledLines = 1000;

/**
 * Opens a text without a header as a table whose columns are named by their numbers, from 1. The last one holds the rest of a line.
 * Undefined unless all given names are such numbers, and the first line does not have them itself.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function openNumbered(file: string, names: readonly string[]): Promise<Table | undefined> {
  if (names.length === 0 || !names.every((name) => /^[1-9]\d*$/.test(name))) return undefined;
  const lines = await firstLinesOf(file, sampledLines);
  const [firstLine = ""] = lines;
  const isTabbed = formatExtension(file) === ".tsv";
  const delimiter = isTabbed ? "\t" : delimiters.find((text) => firstLine.includes(text));
  if (delimiter === undefined) return undefined;
  const quoted = formatExtension(file) === ".csv";
  const fieldsOf = (line: string) =>
    (quoted ? delimitedFields(line, delimiter) : undefined) ?? line.split(delimiter);
  const fields = fieldsOf(firstLine);
  if (names.every((name) => fields.includes(name))) return undefined;
  const count = Math.min(...lines.map((line) => fieldsOf(line).length));
  const columns = Array.from({ length: count }, (_, index) => String(index + 1));
  return openDelimitedText(file, { delimiter, quoted, columns, hasRest: true });
}
