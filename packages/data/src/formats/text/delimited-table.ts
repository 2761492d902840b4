import { extname } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { textLines } from "../../files/text-lines";
import { type InteractionLog, InteractionLogBuilder } from "../../interactions/interaction-log";
import { type ColumnNames, findColumns } from "./column-names";
import { delimitedFields } from "./delimited-fields";
import { identifierOf, ratingOf, timestampOf } from "./event-fields";

export interface DelimitedTableOptions {
  /** @default a comma for `.csv`, a tab for any other file */
  readonly delimiter?: string;
  /** @default the usual names */
  readonly columns?: ColumnNames;
  /**
   * Returns the name of a column from the header, for headers that carry more, such as types.
   *
   * @default the header
   */
  readonly columnName?: (header: string) => string;
}

/**
 * Streams a table with a header, CSV or TSV, with an event in each line. Fields are quoted by RFC 4180, within one line.
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
      const expected = `${header.length}, as in the header`;
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
