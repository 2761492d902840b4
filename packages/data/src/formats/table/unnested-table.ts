import { columnNamed, usualColumnNames, withoutUserNames } from "./column-names";
import { isRecord, type Table, type TableRow, type TableValues } from "./table";

/**
 * A table of users with a list of their items each, `{ user_id, items: [{ item_id, … }] }`, as one of events: a row for each object
 * of the list. Any other table stays as it is.
 *
 * @param sample Its first rows.
 */
export function withoutLists(table: Table, sample: readonly TableValues[]): Table {
  const { columns } = table;
  const isNamed = (names: readonly string[], role: "user" | "item") =>
    columnNamed(names, usualColumnNames[role]) !== undefined;
  const [first] = sample.flatMap((values) => itemsIn(values));
  if (first === undefined || !isNamed(withoutUserNames(columns), "user") || isNamed(columns, "item"))
    return table;
  async function* rows(...[onInvalidLine]: Parameters<Table["rows"]>): AsyncGenerator<TableRow> {
    for await (const { values, line } of table.rows(onInvalidLine)) {
      const list = values[first.field];
      for (const item of Array.isArray(list) ? list.filter(isRecord) : [])
        yield { values: { ...values, ...item }, line };
    }
  }
  const others = columns.filter((name) => name !== first.field);
  return { source: table.source, columns: [...new Set([...others, ...Object.keys(first.item)])], rows };
}

/** The fields that hold lists of objects with an item, and the first object of each. */
function itemsIn(values: TableValues): readonly { readonly field: string; readonly item: TableValues }[] {
  return Object.entries(values).flatMap(([field, list]) => {
    const item: unknown = Array.isArray(list) ? list[0] : undefined;
    if (!isRecord(item)) return [];
    return columnNamed(Object.keys(item), usualColumnNames.item) === undefined ? [] : [{ field, item }];
  });
}
