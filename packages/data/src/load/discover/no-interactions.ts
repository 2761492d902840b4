import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import type { FolderListing } from "../../files/folder-listing";
import { someOf } from "../../files/some-of";
import { interactionExtensions } from "../read/read-interactions";

/** The most files that a message names. */
const shownNames = 8;

/**
 * The error of a folder without interactions, with what to name instead if it holds a database or another folder.
 *
 * @param splitNames The names of the parts of a split.
 */
export async function noInteractions(listing: FolderListing, splitNames: string): Promise<InvalidDataError> {
  const { folder, names } = listing;
  const among = names.length === 0 ? "(the folder is empty)" : `among ${someOf(names, shownNames)}`;
  const files = `a table with columns for a user and an item, ${splitNames}, or one of interactions.*, ratings.*, reviews.* and events.* (${interactionExtensions.join(", ")}), or u.data`;
  const expected = databaseAdvice(listing) ?? `${files}${await folderAdvice(listing)}`;
  return new InvalidDataError({ source: folder, actual: `no interactions ${among}`, expected });
}

/** What to type to read a database of the folder. Undefined if it has none. */
function databaseAdvice({ folder, names }: FolderListing): string | undefined {
  const duckdb = names.find((name) => /\.(duckdb|ddb)$/i.test(name));
  if (duckdb !== undefined)
    return `the database by its own name, and its tables: --data ${join(folder, duckdb)} --interactions TABLE --items-from TABLE, or a query in place of a table (loadSql in code)`;
  const sqlite = names.find((name) => /\.(sqlite3?|db3?)$/i.test(name));
  if (sqlite === undefined) return undefined;
  const path = join(folder, sqlite);
  return `tables: ${sqlite} is an SQLite database, whose events are exported by sqlite3 -header -csv ${path} "SELECT user_id, item_id FROM TABLE" > ${join(folder, "interactions.csv")}, and its items likewise to items.csv`;
}

/** Advice to name a folder within the folder. Empty if it has none. */
async function folderAdvice({ folder, names }: FolderListing): Promise<string> {
  for (const name of names.filter((name) => !name.startsWith("."))) {
    const path = join(folder, name);
    // A link may lead nowhere.
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return `; ${name} is a folder: name it itself, ${path}`;
  }
  return "";
}
