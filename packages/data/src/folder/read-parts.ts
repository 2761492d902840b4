import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { type FolderListing, findFile, findFiles } from "./find-file";
import type { IdentifiedParts, PartsSource } from "./parts-source";
import { interactionExtensions } from "./read-interactions";
import { readSplitFiles } from "./read-split-files";
import { readWholeFile } from "./read-whole-file";

const withExtensions = (...stems: string[]) =>
  stems.flatMap((stem) => interactionExtensions.map((end) => stem + end));

const partNames = [
  ["trn_mat.pkl", ...withExtensions("train")],
  ["val_mat.pkl", ...withExtensions("valid", "validation", "val")],
  ["tst_mat.pkl", ...withExtensions("test")],
];
const wholeNames = withExtensions("interactions", "ratings", "reviews", "events");

/**
 * Reads a folder's interactions: three files of parts, or one file that is split here.
 *
 * @throws InvalidDataError
 */
export async function readParts(source: PartsSource): Promise<IdentifiedParts> {
  const { listing } = source;
  const parts = partNames.flatMap((names) => findFile(listing, names) ?? []);
  if (parts.length === partNames.length) return readSplitFiles(source, parts);
  if (parts.length > 0) {
    throw new InvalidDataError({
      source: listing.folder,
      actual: `only ${parts.map((file) => basename(file)).join(" and ")} of the three parts`,
      expected: "train.*, valid.* and test.*, or trn_mat.pkl, val_mat.pkl and tst_mat.pkl",
    });
  }
  const whole = findFile(listing, wholeNames) ?? onlyTable(listing);
  if (whole !== undefined) return readWholeFile(source, whole);
  throw new InvalidDataError({
    source: listing.folder,
    actual: `no interactions (${listing.names.length} files)`,
    expected: `train.*, valid.* and test.*, or trn_mat.pkl, val_mat.pkl and tst_mat.pkl, or one of interactions.*, ratings.*, reviews.* and events.* (${interactionExtensions.join(", ")})`,
  });
}

/** The one file of interactions in a folder that names it otherwise, if there is just one. */
function onlyTable(listing: FolderListing): string | undefined {
  const tables = findFiles(listing, /^(?!(items?|users?)[._]).*\.(csv|tsv|inter|jsonl)$/i);
  return tables.length === 1 ? tables[0] : undefined;
}
