import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { firstLinesOf } from "../../files/first-lines";
import { type FolderListing, findFiles } from "../../files/folder-listing";
import { someOf } from "../../files/some-of";
import { interactionExtensions } from "../read/read-interactions";
import { isNamedForItems } from "../tables/find-tables";
import { conversionOf } from "./conversions";
import { splitNames } from "./find-split";

/** The most files that a message names. */
const shownNames = 8;
/** The most characters of a first line that a message shows. */
const shownStart = 80;

/**
 * The error of a folder without interactions: what to type if it holds a database, another folder, a file of a known dataset that is
 * no table of events, or a text without a header.
 *
 * @param tables The folder without its JSON that is no table.
 */
export async function noInteractions(
  listing: FolderListing,
  tables: FolderListing,
): Promise<InvalidDataError> {
  const { folder, names } = listing;
  const among = names.length === 0 ? "(the folder is empty)" : `among ${someOf(names, shownNames)}`;
  const advice =
    databaseAdvice(listing) ??
    conversionOf(listing) ??
    (await folderAdvice(listing)) ??
    (await columnAdvice(tables)) ??
    `or ${splitNames}, or one of interactions.*, ratings.*, reviews.* and events.* (${interactionExtensions.join(", ")}), or u.data`;
  const expected = `a table with columns for a user and an item, ${advice}`;
  return new InvalidDataError({ source: folder, actual: `no interactions ${among}`, expected });
}

/** Advice to read a database of the folder. Undefined if it has none. */
function databaseAdvice({ folder, names }: FolderListing): string | undefined {
  const duckdb = names.find((name) => /\.(duckdb|ddb)$/i.test(name));
  if (duckdb !== undefined)
    return `or the database by its own name, with its tables: --data ${join(folder, duckdb)} --interactions TABLE --items-from TABLE, or a query in place of a table (loadSql in code)`;
  const sqlite = names.find((name) => /\.(sqlite3?|db3?)$/i.test(name));
  if (sqlite === undefined) return undefined;
  const path = join(folder, sqlite);
  return `such as an export of ${sqlite}, an SQLite database: sqlite3 -header -csv ${path} "SELECT user_id, item_id FROM TABLE" > ${join(folder, "interactions.csv")}, and its items likewise to items.csv`;
}

/** Advice to name a folder within the folder. Undefined if it has none. */
async function folderAdvice({ folder, names }: FolderListing): Promise<string | undefined> {
  for (const name of names.filter((name) => !name.startsWith("."))) {
    const path = join(folder, name);
    // A link may lead nowhere.
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return `or the folder that has one by its own name, ${path}`;
  }
  return undefined;
}

/** Advice to name the columns of the largest text that may hold interactions. Undefined if there is none. */
async function columnAdvice(listing: FolderListing): Promise<string | undefined> {
  const texts = findFiles(listing, /\.(csv|tsv|txt|dat|jsonl?)(\.gz)?$/i).filter(
    (file) => !/^readme|licen[sc]e/i.test(basename(file)),
  );
  // The name of `movie_ratings.csv` has that of items.
  const others = texts.filter((file) => !isNamedForItems(file));
  const files = others.length > 0 ? others : texts;
  const sizes = await Promise.all(files.map(sizeOf));
  const file = files[sizes.indexOf(Math.max(...sizes))];
  const [line = ""] = file === undefined ? [] : await firstLinesOf(file, 1).catch(() => []);
  // Anything else is no table.
  if (!/[\t,;|{]|::/.test(line.trim())) return undefined;
  const name = basename(file);
  const start = JSON.stringify(line.length > shownStart ? `${line.slice(0, shownStart)}…` : line);
  return `or their names: --interactions ${name} --user-column NAME --item-column NAME, with numbers such as 1 and 2 for names if it has no header (it begins with ${start})`;
}

/** In bytes; 0 for a link that leads nowhere. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}
