import { formatExtension } from "../../files/format-extension";
import type { InteractionLog } from "../../interactions/interaction-log";
import type { ColumnNames } from "../table/column-names";
import { openDelimitedText } from "../table/delimited-text";
import { readLog } from "../table/read-log";
import type { InvalidLineHandler } from "../table/table";

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
  /**
   * Receives the error of each line that is not valid, which is then left out.
   *
   * @default the error is thrown
   */
  readonly onInvalidLine?: InvalidLineHandler;
}

/**
 * Streams a table with a header, CSV or TSV, with an event in each line. Fields are quoted by RFC 4180. A name that ends in
 * `.gz` is decompressed.
 *
 * @throws InvalidDataError naming the line.
 */
export async function readDelimitedTable(
  file: string,
  options: DelimitedTableOptions = {},
): Promise<InteractionLog> {
  const {
    delimiter = formatExtension(file) === ".csv" ? "," : "\t",
    columns,
    columnName,
    onInvalidLine,
  } = options;
  return readLog(await openDelimitedText(file, { delimiter, columnName }), columns, onInvalidLine);
}
