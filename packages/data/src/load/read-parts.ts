import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, findFile, findFiles } from "./discover/find-file";
import { interactionExtensions } from "./discover/read-interactions";
import type { IdentifiedParts, PartsSource } from "./parts-source";
import { readSplitFiles } from "./split/read-split-files";
import { readWholeFile } from "./split/read-whole-file";

const withExtensions = (...stems: string[]) =>
  stems.flatMap((stem) => interactionExtensions.map((end) => stem + end));

const trainNames = ["trn_mat.pkl", ...withExtensions("train")];
const validationNames = ["val_mat.pkl", ...withExtensions("valid", "validation", "val")];
const testNames = ["tst_mat.pkl", ...withExtensions("test")];
const wholeNames = withExtensions("interactions", "ratings", "reviews", "events");

const lookedFor =
  "train.* and test.*, with or without valid.* (or validation.*, val.*), or trn_mat.pkl, val_mat.pkl and tst_mat.pkl";

/**
 * Reads a folder's interactions: files of parts, or one file that is split here.
 *
 * @throws InvalidDataError
 */
export async function readParts(source: PartsSource): Promise<IdentifiedParts> {
  const { listing } = source;
  const [train, validation, test] = [trainNames, validationNames, testNames].map((names) =>
    findOne(source, names),
  );
  if (train !== undefined && test !== undefined) return readSplitFiles(source, { train, validation, test });
  const found = [train, validation, test].flatMap((file) => (file === undefined ? [] : [basename(file)]));
  if (found.length > 0) {
    throw new InvalidDataError({
      source: listing.folder,
      actual: `only ${found.join(" and ")} of the parts`,
      expected: lookedFor,
    });
  }
  const whole = findOne(source, wholeNames) ?? onlyTable(listing);
  if (whole !== undefined) return readWholeFile(source, whole);
  throw new InvalidDataError({
    source: listing.folder,
    actual: `no interactions (${listing.names.length} files)`,
    expected: `${lookedFor}, or one of interactions.*, ratings.*, reviews.* and events.* (${interactionExtensions.join(", ")})`,
  });
}

/** The first of some files that the folder has, with a warning where it has others of them too. */
function findOne({ listing, options }: PartsSource, names: readonly string[]): string | undefined {
  const [first, ...others] = names.flatMap((name) => findFile(listing, [name]) ?? []);
  if (others.length > 0) {
    const message = `not read, because ${basename(first)} is there`;
    options.onWarning({ source: others[0], message, count: others.length });
  }
  return first;
}

/** The one file of interactions in a folder that names it otherwise, if there is just one. */
function onlyTable(listing: FolderListing): string | undefined {
  const tables = findFiles(listing, /^(?!(items?|users?)[._]).*\.(csv|tsv|inter|jsonl)$/i);
  return tables.length === 1 ? tables[0] : undefined;
}
