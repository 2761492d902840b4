import type { InteractionLog } from "../../interactions/interaction-log";
import type { ColumnNames } from "../table/column-names";
import { openJsonLines } from "../table/json-table";
import { readLog } from "../table/read-log";
import type { InvalidLineHandler } from "../table/table";

export interface JsonLinesOptions {
  /** @default the usual names */
  readonly columns?: ColumnNames;
  /**
   * Receives the error of each line that is not valid, which is then left out.
   *
   * @default the error is thrown
   */
  readonly onInvalidLine?: InvalidLineHandler;
}

/**
 * Streams a file of JSON lines, an object for each event. A name that ends in `.gz` is decompressed.
 *
 * @throws InvalidDataError naming the line.
 */
export async function readJsonLines(
  file: string,
  { columns, onInvalidLine }: JsonLinesOptions = {},
): Promise<InteractionLog> {
  return readLog(await openJsonLines(file), columns, onInvalidLine);
}
