import { basename } from "node:path";
import { type FolderListing, findFiles } from "../../files/folder-listing";
import { usualColumnNames } from "../../formats/table/column-names";
import { openIfTable } from "../../formats/table/open-table";
import { findIdentifierColumn, identifierText } from "./identifier-column";

/** A column of a table that gives other identifiers of the items than the interactions have. */
export interface IdentifierMap {
  readonly file: string;
  /** The column with the identifiers of the interactions. */
  readonly from: string;
  /** The column with the other identifiers. */
  readonly to: string;
  /** The other identifiers, in the order of those of the interactions; the empty text for none. */
  readonly ids: readonly string[];
}

/** `links.csv` of MovieLens, `book_id_map.csv` of Goodreads, `item_list.txt` of LightGCN. */
const mapName = /(^|[^a-z])(links?|id_?maps?|mappings?|item_list)([^a-z]|$)/i;
/** A table of more columns holds more than identifiers. */
const mostColumns = 4;

/** Finds the maps of a folder that have most of its items. */
export async function identifierMaps(
  { listing, used }: { readonly listing: FolderListing; readonly used: ReadonlySet<string> },
  ids: readonly string[],
): Promise<readonly IdentifierMap[]> {
  const files = findFiles(listing, /\.(csv|tsv|txt)(\.gz)?$/i).filter(
    (file) => !used.has(file) && mapName.test(basename(file)),
  );
  const maps: IdentifierMap[] = [];
  for (const file of files) {
    const table = await openIfTable(file);
    if (!table || table.columns.length < 2 || table.columns.length > mostColumns) continue;
    const search = { usualNames: usualColumnNames.item, candidates: table.columns, ignoreInvalidLines: true };
    const found = await findIdentifierColumn(table, new Set(ids), search);
    if (!found || found.isDecimal || 2 * found.matches < ids.length) continue;
    const others = table.columns.filter((column) => column !== found.column);
    const translations = new Map(others.map((column) => [column, new Map<string, string>()]));
    for await (const { values } of table.rows(() => {})) {
      const from = identifierText(values[found.column]);
      for (const [column, translation] of translations) {
        const to = identifierText(values[column]);
        if (from !== undefined && to !== undefined) translation.set(from, to);
      }
    }
    for (const [to, translation] of translations)
      maps.push({ file, from: found.column, to, ids: ids.map((id) => translation.get(id) ?? "") });
  }
  return maps;
}
