import { InvalidDataError } from "@dmrec/core";
import { type InteractionLog, InteractionLogBuilder } from "../../interactions/interaction-log";
import { type ColumnNames, findColumns } from "./column-names";
import { identifierOf, ratingOf, timestampOf } from "./event-fields";
import type { InvalidLineHandler, Table, TableRow } from "./table";

/**
 * Reads a table with an event in each row.
 *
 * @throws InvalidDataError naming the line, unless a handler of invalid lines is given.
 */
export async function readLog(
  table: Table,
  named: ColumnNames = {},
  onInvalidLine?: InvalidLineHandler,
): Promise<InteractionLog> {
  const { source } = table;
  const found = findColumns(table, named);
  const builder = new InteractionLogBuilder();
  const add = ({ values, line }: TableRow) => {
    const field = <Value>(
      column: string,
      read: (value: unknown, place: { source: string; line: number; column: string }) => Value,
    ) => read(values[column], { source, line, column });
    builder.add({
      userId: field(found.user, identifierOf),
      itemId: field(found.item, identifierOf),
      rating: found.rating === undefined ? undefined : field(found.rating, ratingOf),
      timestamp: found.timestamp === undefined ? undefined : field(found.timestamp, timestampOf),
      line,
    });
  };
  for await (const row of table.rows(onInvalidLine)) {
    try {
      add(row);
    } catch (error) {
      if (!onInvalidLine || !InvalidDataError.isInstance(error)) throw error;
      onInvalidLine(error);
    }
  }
  if (builder.size > 0) return builder.build(source);
  const actual = "has no line below its header";
  throw new InvalidDataError({ source, actual, expected: "a header, then a line an event" });
}
