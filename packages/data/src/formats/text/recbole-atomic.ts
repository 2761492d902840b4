import type { InteractionLog } from "../../interactions/interaction-log";
import type { ColumnNames } from "../table/column-names";
import { readLog } from "../table/read-log";
import { openRecbole } from "../table/recbole-table";

/**
 * Reads RecBole's atomic file of interactions, `.inter`: tab-separated, with headers like `user_id:token`.
 *
 * @throws InvalidDataError naming the line.
 */
export async function readRecboleInteractions(
  file: string,
  columns: ColumnNames = {},
): Promise<InteractionLog> {
  return readLog(await openRecbole(file), columns);
}
