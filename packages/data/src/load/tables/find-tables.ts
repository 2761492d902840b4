import { basename } from "node:path";
import { type FolderListing, findFiles } from "../../files/folder-listing";
import { jsonForm } from "../../formats/table/json-form";

/** Files that may be tables of items or users, by name. */
const tables = /\.(csv|tsv|item|jsonl|dat|parquet)(\.gz)?$/i;
const itemWords =
  "items?|movies?|films?|books?|products?|artists?|tracks?|songs?|games?|news|meta|metadata|catalog(ue)?|recipes?|business(es)?|animes?|courses?|jobs?|articles?";
const itemName = new RegExp(`(^|[^a-z])(${itemWords})([^a-z]|$)`, "i");
const userName = /(^|[^a-z])users?([^a-z]|$)/i;
/** Files of this project that readers of their own read. */
const ownName = /^(item|user)_(ids|names|attributes|profiles|embeddings)\./i;
/** Tables that describe tags, links or authors instead of items. */
const otherName = /tag|link|genre|author|score|similar/i;

/** The files of a folder that may describe its items, the likely ones first. */
export async function itemTableFiles(listing: FolderListing, used: ReadonlySet<string>): Promise<string[]> {
  const free = freeTables(listing, used).filter((file) => !isMatch(file, userName));
  const json = findFiles(listing, /\.json(\.gz)?$/i).filter(
    (file) => !used.has(file) && !isOwnFile(file) && isMatch(file, itemName),
  );
  const likely = [...free.filter((file) => isMatch(file, itemName) && !isMatch(file, otherName))];
  for (const file of json) if (await jsonForm(file)) likely.push(file);
  const others = free.filter((file) => !likely.includes(file) && !isMatch(file, otherName));
  return [...likely, ...others];
}

/** True for a file of this project that a reader of its own reads. */
export function isOwnFile(file: string): boolean {
  return isMatch(file, ownName);
}

/** True for a file whose name says that it describes items. */
export function isNamedForItems(file: string): boolean {
  return isMatch(file, itemName);
}

/** The files of a folder that may describe its users. */
export function userTableFiles(listing: FolderListing, used: ReadonlySet<string>): string[] {
  const recbole = findFiles(listing, /\.user(\.gz)?$/i).filter((file) => !used.has(file));
  return [...freeTables(listing, used).filter((file) => isMatch(file, userName)), ...recbole];
}

function freeTables(listing: FolderListing, used: ReadonlySet<string>): string[] {
  return findFiles(listing, tables).filter((file) => !used.has(file) && !isOwnFile(file));
}

function isMatch(file: string, pattern: RegExp): boolean {
  return pattern.test(basename(file));
}
