import { extname } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type InteractionLog, InteractionLogBuilder } from "../interaction-log";
import { type ColumnNames, findColumns } from "./column-names";
import { delimitedFields } from "./delimited-fields";
import { identifierOf, ratingOf, timestampOf } from "./event-fields";
import { textLines } from "./text-lines";

export type { ColumnNames } from "./column-names";

export interface DelimitedTableOptions {
  /** A comma for `.csv`, else a tab. */
  readonly delimiter?: string;
  readonly columns?: ColumnNames;
  /** What a name in the header stands for; RecBole's carry their type. */
  readonly columnName?: (header: string) => string;
}

/**
 * Reads a table with a header: CSV or TSV, an event a line, streamed. Quoted as RFC 4180 has it, within one line.
 *
 * @throws InvalidDataError naming the line.
 */
export async function readDelimitedTable(
  file: string,
  options: DelimitedTableOptions = {},
): Promise<InteractionLog> {
  const {
    delimiter = extname(file).toLowerCase() === ".csv" ? "," : "\t",
    columns = {},
    columnName = (name) => name,
  } = options;
  const builder = new InteractionLogBuilder();
  let header: readonly string[] | undefined;
  let found: ReturnType<typeof findColumns> | undefined;
  for await (const { text, number } of textLines(file)) {
    if (text.trim() === "") continue;
    const fields = delimitedFields(text, delimiter);
    if (fields === undefined) {
      const expected = 'a closing "';
      throw new InvalidDataError({
        source: file,
        location: `line ${number}`,
        actual: "a quote is left open",
        expected,
      });
    }
    if (header === undefined || found === undefined) {
      header = fields.map((name) => columnName(name.trim()));
      found = findColumns(header, columns, file);
      continue;
    }
    if (fields.length < header.length) {
      const expected = `${header.length}, as the header has`;
      throw new InvalidDataError({
        source: file,
        location: `line ${number}`,
        actual: `${fields.length} fields`,
        expected,
      });
    }
    const names = header;
    const field = <Value>(
      column: string,
      read: (value: unknown, place: { source: string; line: number; column: string }) => Value,
    ) => read(fields[names.indexOf(column)], { source: file, line: number, column });
    builder.add({
      userId: field(found.user, identifierOf),
      itemId: field(found.item, identifierOf),
      rating: found.rating === undefined ? undefined : field(found.rating, ratingOf),
      timestamp: found.timestamp === undefined ? undefined : field(found.timestamp, timestampOf),
      line: number,
    });
  }
  if (builder.size === 0) {
    throw new InvalidDataError({
      source: file,
      actual: header ? "has no line below its header" : "is empty",
      expected: "a header, then a line an event",
    });
  }
  return builder.build(file);
}
