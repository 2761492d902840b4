import { basename } from "node:path";
import { type FolderListing, findFile } from "../../files/folder-listing";
import type { WarningHandler } from "../data-warning";
import { interactionExtensions } from "../read/read-interactions";

/** Returns the file names that interactions may have for some stems: `train` gives `train.txt`, `train.csv` and so on. */
export function withExtensions(...stems: string[]): readonly string[] {
  return stems.flatMap((stem) => interactionExtensions.map((extension) => stem + extension));
}

/** The first of some files that the folder has, with a warning if it has more than one of them. */
export function findOne(
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
