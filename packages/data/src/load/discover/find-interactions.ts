import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, findFile, findFiles } from "../../files/folder-listing";
import { isLogHeader } from "../../formats/table/column-names";
import { openTable } from "../../formats/table/open-table";
import type { LoadSettings } from "../load-options";
import { interactionExtensions } from "../read/read-interactions";
import { noInteractions } from "./no-interactions";

/** Interactions that are split already, or one file of interactions to split. */
export type InteractionFiles =
  | ({ readonly kind: "split" } & SplitFiles)
  | { readonly kind: "whole"; readonly file: string };

export interface SplitFiles {
  readonly train: string;
  /** If it is absent, a share of the training part is held out. */
  readonly validation: string | undefined;
  readonly test: string;
}

const withExtensions = (...stems: string[]) =>
  stems.flatMap((stem) => interactionExtensions.map((extension) => stem + extension));

const trainNames = ["trn_mat.pkl", ...withExtensions("train")];
const validationNames = ["val_mat.pkl", ...withExtensions("valid", "validation", "val")];
const testNames = ["tst_mat.pkl", ...withExtensions("test")];
const wholeNames = [...withExtensions("interactions", "ratings", "reviews", "events"), "u.data"];

const splitNames =
  "train.* and test.*, with or without valid.* (or validation.*, val.*), or trn_mat.pkl, val_mat.pkl and tst_mat.pkl";

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
  const find = (names: readonly string[]) => findOne(listing, names, settings);
  const [train, validation, test] = [trainNames, validationNames, testNames].map(find);
  if (train !== undefined && test !== undefined) return { kind: "split", train, validation, test };
  const found = [train, validation, test].flatMap((file) => (file === undefined ? [] : [basename(file)]));
  if (found.length > 0) {
    const actual = `only ${found.join(" and ")} of the parts`;
    throw new InvalidDataError({ source: listing.folder, actual, expected: splitNames });
  }
  const file = find(wholeNames) ?? (await onlyTable(listing, settings));
  if (file !== undefined) return { kind: "whole", file };
  throw await noInteractions(listing, splitNames);
}

function namedInteractions(listing: FolderListing, name: string): InteractionFiles {
  const file = findFile(listing, [name]);
  if (file !== undefined) return { kind: "whole", file };
  const expected = `one of ${listing.names.join(", ")}`;
  throw new InvalidDataError({ source: listing.folder, actual: `no file ${JSON.stringify(name)}`, expected });
}

/** The first of some files that the folder has, with a warning if it has more than one of them. */
function findOne(
  listing: FolderListing,
  names: readonly string[],
  { onWarning }: LoadSettings,
): string | undefined {
  const [first, ...others] = names.flatMap((name) => findFile(listing, [name]) ?? []);
  if (others.length > 0) {
    const message = `not read, because ${basename(first)} is there`;
    onWarning({ source: others[0], message, count: others.length });
  }
  return first;
}

/** The only table in a folder that has no file of interactions under a usual name, or the only one with their columns. */
async function onlyTable(
  listing: FolderListing,
  { columns = {} }: LoadSettings,
): Promise<string | undefined> {
  const tables = findFiles(listing, /^(?!(items?|users?)[._]).*\.(csv|tsv|inter|jsonl|parquet)(\.gz)?$/i);
  if (tables.length === 1) return tables[0];
  const logs: string[] = [];
  for (const file of [...tables, ...findFiles(listing, /\.dat(\.gz)?$/i)]) {
    const header = await columnsOf(file);
    if (header && isLogHeader(header, columns)) logs.push(file);
  }
  if (logs.length < 2) return logs[0];
  const plain = logs.filter((file) => !/tag|link|friend/i.test(basename(file)));
  if (plain.length === 1) return plain[0];
  const named = plain.filter((file) =>
    /interact|rating|review|event|click|play|purchas/i.test(basename(file)),
  );
  if (named.length === 1) return named[0];
  const names = (plain.length > 0 ? plain : logs).map((file) => basename(file));
  throw new InvalidDataError({
    source: listing.folder,
    actual: `${names.join(" and ")} have columns for a user and an item`,
    expected: `one of them as the option interactions (--interactions ${names[0]})`,
  });
}

/** The columns of a file, if it is a table that can be opened. */
async function columnsOf(file: string): Promise<readonly string[] | undefined> {
  try {
    return (await openTable(file))?.columns;
  } catch (error) {
    if (InvalidDataError.isInstance(error)) return undefined;
    throw error;
  }
}
