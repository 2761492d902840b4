import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, findFile, findFiles } from "../../files/folder-listing";
import { type EmbeddingFiles, findEmbeddingFiles } from "../../formats/embedding-files";
import type { WarningHandler } from "../data-warning";
import { interactionExtensions } from "../read/read-interactions";

/** The files of a folder by what they hold. */
export interface DatasetFiles {
  readonly interactions: InteractionFiles;
  readonly embeddings: EmbeddingFiles | undefined;
  /** Identifiers in the order of the indices. */
  readonly userIds: string | undefined;
  readonly itemIds: string | undefined;
  readonly itemNames: string | undefined;
  readonly itemAttributes: string | undefined;
  readonly itemProfiles: string | undefined;
  readonly userProfiles: string | undefined;
}

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
const wholeNames = withExtensions("interactions", "ratings", "reviews", "events");

const splitNames =
  "train.* and test.*, with or without valid.* (or validation.*, val.*), or trn_mat.pkl, val_mat.pkl and tst_mat.pkl";

/**
 * Finds the files of a dataset in a folder.
 *
 * @throws InvalidDataError if interactions, one part of them, or one of two files of embeddings is missing.
 */
export function discoverFiles(listing: FolderListing, onWarning: WarningHandler): DatasetFiles {
  return {
    embeddings: findEmbeddingFiles(listing),
    interactions: findInteractions(listing, onWarning),
    userIds: findFile(listing, ["user_ids.json"]),
    itemIds: findFile(listing, ["item_ids.json"]),
    itemNames: findFile(listing, ["item_names.json", "items.json", "items.csv", "item_names.txt"]),
    itemAttributes: findFile(listing, ["item_attributes.json", "item_attributes.jsonl"]),
    itemProfiles: findFile(listing, ["item_profiles.json", "item_profiles.jsonl", "itm_prf.pkl"]),
    userProfiles: findFile(listing, ["user_profiles.json", "user_profiles.jsonl", "usr_prf.pkl"]),
  };
}

function findInteractions(listing: FolderListing, onWarning: WarningHandler): InteractionFiles {
  const find = (names: readonly string[]) => findOne(listing, names, onWarning);
  const [train, validation, test] = [trainNames, validationNames, testNames].map(find);
  if (train !== undefined && test !== undefined) return { kind: "split", train, validation, test };
  const found = [train, validation, test].flatMap((file) => (file === undefined ? [] : [basename(file)]));
  if (found.length > 0) {
    const actual = `only ${found.join(" and ")} of the parts`;
    throw new InvalidDataError({ source: listing.folder, actual, expected: splitNames });
  }
  const file = find(wholeNames) ?? onlyTable(listing);
  if (file !== undefined) return { kind: "whole", file };
  throw new InvalidDataError({
    source: listing.folder,
    actual: `no interactions (${listing.names.length} files)`,
    expected: `${splitNames}, or one of interactions.*, ratings.*, reviews.* and events.* (${interactionExtensions.join(", ")})`,
  });
}

/** The first of some files that the folder has, with a warning if it has more than one of them. */
function findOne(
  listing: FolderListing,
  names: readonly string[],
  onWarning: WarningHandler,
): string | undefined {
  const [first, ...others] = names.flatMap((name) => findFile(listing, [name]) ?? []);
  if (others.length > 0) {
    const message = `not read, because ${basename(first)} is there`;
    onWarning({ source: others[0], message, count: others.length });
  }
  return first;
}

/** The only table in a folder that has no file of interactions under a usual name. */
function onlyTable(listing: FolderListing): string | undefined {
  const tables = findFiles(listing, /^(?!(items?|users?)[._]).*\.(csv|tsv|inter|jsonl)$/i);
  return tables.length === 1 ? tables[0] : undefined;
}
