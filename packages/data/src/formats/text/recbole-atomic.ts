import type { InteractionLog } from "../../interactions/interaction-log";
import type { ColumnNames } from "./column-names";
import { readDelimitedTable } from "./delimited-table";

/**
 * Reads RecBole's atomic file of interactions, `.inter`: tab-separated, with headers like `user_id:token`.
 *
 * @throws InvalidDataError naming the line.
 */
export function readRecboleInteractions(file: string, columns: ColumnNames = {}): Promise<InteractionLog> {
  return readDelimitedTable(file, {
    delimiter: "\t",
    columns,
    columnName: (header) => header.replace(/:\w+$/, ""),
  });
}
