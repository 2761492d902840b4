import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, findFile, findFiles } from "../../files/folder-listing";
import { isCertainLogHeader, isLogHeader } from "../../formats/table/column-names";
import { openIfTable } from "../../formats/table/open-table";
import type { LoadSettings } from "../load-options";
import { namesOf } from "../read/read-interactions";
import { isNamedForItems, isOwnFile } from "../tables/find-tables";
import { findOne, withExtensions } from "./find-one";
import { findNamedSplit, findSplit, type SplitFiles } from "./find-split";
import { noInteractions } from "./no-interactions";
import { anyJson, usualJson, withoutOtherJson } from "./without-other-json";

/** Interactions that are split already, or one file of interactions to split. */
export type InteractionFiles =
  | ({ readonly kind: "split" } & SplitFiles)
  | { readonly kind: "whole"; readonly file: string };

const wholeNames = [...withExtensions("interactions", "ratings", "reviews", "events"), "u.data"];

/** Names of tables of items or users, which contain no interactions. */
const notNamed = /^(items?|users?)[._]/i;
/** The tables that are read as interactions if they are the only one, whatever their columns are called. */
const plainTables = /\.(csv|tsv|inter|jsonl|parquet)(\.gz)?$/i;
/** The further files that may be tables of events. */
const otherTables = /\.(dat|txt|rating|json)(\.gz)?$/i;
/** Relations of a user to something, or to another user, beside the interactions. */
const otherRelations = /tag|link|friend|trust|social|follow|edges/i;

/**
 * Finds the interactions of a folder: a split, a file with a usual name, the only table, or the only table with columns for
 * a user and an item.
 *
 * @throws InvalidDataError if there are none, one part of a split is missing, or several tables could be meant.
 */
export async function findInteractions(
  listing: FolderListing,
  settings: LoadSettings,
): Promise<InteractionFiles> {
  if (settings.interactions !== undefined) return namedInteractions(listing, settings.interactions);
  const usual = await withoutOtherJson(listing, usualJson);
  const split = findSplit(usual, settings.onWarning);
  if (split) return { kind: "split", ...split };
  const whole = findOne(usual, wholeNames, settings.onWarning);
  if (whole !== undefined) return { kind: "whole", file: whole };
  const tables = await withoutOtherJson(usual, anyJson);
  const namedSplit = findNamedSplit(tables);
  if (namedSplit && (await holdsInteractions(namedSplit.train, settings)))
    return { kind: "split", ...namedSplit };
  const file = await onlyTable(tables, settings);
  if (file !== undefined) return { kind: "whole", file };
  throw await noInteractions(listing, tables);
}

function namedInteractions(listing: FolderListing, name: string): InteractionFiles {
  const file = findFile(listing, [name]);
  if (file !== undefined) return { kind: "whole", file };
  const expected = `one of ${listing.names.join(", ")}`;
  throw new InvalidDataError({ source: listing.folder, actual: `no file ${JSON.stringify(name)}`, expected });
}

/** False for a file that certainly has no interactions, such as texts to train another model on. */
async function holdsInteractions(file: string, { columns = {} }: LoadSettings): Promise<boolean> {
  const table = await openIfTable(file, namesOf(columns));
  return table ? isLogHeader(table.columns, columns) : /\.(txt|dat)(\.gz)?$/i.test(file);
}

/** The only table in a folder that has no file of interactions under a usual name, or the only one with their columns. */
async function onlyTable(
  listing: FolderListing,
  { columns = {} }: LoadSettings,
): Promise<string | undefined> {
  const tables = findFiles(listing, plainTables).filter((file) => !notNamed.test(basename(file)));
  const others = findFiles(listing, otherTables).filter((file) => !isOwnFile(file));
  if (tables.length === 1 && !isNamedForItems(tables[0])) return tables[0];
  const logs: string[] = [];
  const certain = new Set<string>();
  for (const file of [...tables, ...others]) {
    const table = await openIfTable(file, namesOf(columns));
    if (!table || !isLogHeader(table.columns, columns)) continue;
    logs.push(file);
    if (!table.isGuess && isCertainLogHeader(table.columns, columns)) certain.add(file);
  }
  if (logs.length < 2) return logs[0];
  const plain = logs.filter((file) => !otherRelations.test(basename(file)));
  if (plain.length === 1) return plain[0];
  const named = plain.filter((file) =>
    /interact|rating|review|event|click|play|purchas|transact|order/i.test(basename(file)),
  );
  if (named.length === 1) return named[0];
  const plainAndCertain = plain.filter((file) => certain.has(file));
  if (plainAndCertain.length === 1) return plainAndCertain[0];
  const names = (plain.length > 0 ? plain : logs).map((file) => basename(file));
  throw new InvalidDataError({
    source: listing.folder,
    actual: `${names.join(" and ")} have columns for a user and an item`,
    expected: `one of them as the option interactions (--interactions ${names[0]})`,
  });
}
