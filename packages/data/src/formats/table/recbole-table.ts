import { openDelimitedText } from "./delimited-text";
import type { Table } from "./table";

/**
 * Opens RecBole's atomic file as a table: `.inter`, `.item` or `.user`, between tabs, never quoted, with headers that carry a
 * type, like `item_id:token` and `genre:token_seq`.
 *
 * @throws InvalidDataError if the file is empty or cannot be read.
 */
export async function openRecbole(file: string): Promise<Table> {
  const wordColumns = new Set<string>();
  const columnName = (header: string) => {
    const name = header.replace(/:\w+$/, "");
    if (header.endsWith(":token_seq")) wordColumns.add(name);
    return name;
  };
  const table = await openDelimitedText(file, { delimiter: "\t", quoted: false, columnName });
  return { ...table, wordColumns };
}
