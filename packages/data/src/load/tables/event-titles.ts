import { columnNamed, findColumns, isLogHeader } from "../../formats/table/column-names";
import { openTable } from "../../formats/table/open-table";
import { namesOf } from "../read/read-interactions";
import { formatCount } from "../report/folder-report";
import { knownIdentifier } from "../whole-identifiers";
import { textOf } from "./attributes-of";
import { identifierText } from "./identifier-column";
import type { DescribedTable, ReportContext } from "./read-tables";

/** Columns of events that name the item. A column named only "title" may be that of a review. */
const titleNames = [
  ...["item_name", "item_title", "movie_title", "book_title", "product_title", "product_name", "track_name"],
  ...["song_title", "song_name", "artist_name", "game_title", "anime_title", "video_title"],
  ...["item.title", "item.name", "product.title", "product.name", "movie.title", "book.title"],
];

/**
 * Reads the names of items from the events themselves: from the column that the options name, or from one with a usual name. The first
 * name of an item counts. Undefined if the events have none.
 *
 * @throws InvalidDataError naming the line, unless invalid lines are left out.
 */
export async function readEventTitles(
  { settings, report }: ReportContext,
  file: string,
  ids: readonly string[],
): Promise<DescribedTable | undefined> {
  const { columns: named = {}, itemColumns, onInvalidLine } = settings;
  const given = itemColumns.title === undefined ? [] : [itemColumns.title];
  const table = await openTable(file, [...namesOf(named), ...given]);
  if (!table || !isLogHeader(table.columns, named)) return undefined;
  const title =
    given.length > 0
      ? table.columns.find((column) => column === given[0])
      : columnNamed(table.columns, titleNames);
  if (title === undefined) return undefined;
  const { item } = findColumns(table, named);
  const titles = new Map(ids.map((id) => [id, ""]));
  for await (const { values } of table.rows(onInvalidLine === "skip" ? () => {} : undefined)) {
    const id = identifierText(values[item]) ?? "";
    const known = knownIdentifier(id, titles);
    if (titles.get(known) === "") titles.set(known, textOf(values[title]));
  }
  const found = [...titles.values()].filter((text) => text !== "").length;
  if (found === 0) return undefined;
  report.extend(file, `names of ${formatCount(found)} items in ${title}`);
  return {
    attributes: Array.from(titles.values(), (text) => (text === "" ? {} : { title: text })),
    columns: {},
  };
}
