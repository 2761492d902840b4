import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";

/** The names in a folder. */
export interface FolderListing {
  readonly folder: string;
  readonly names: readonly string[];
}

/** @throws InvalidDataError where the folder cannot be read. */
export async function listFolder(folder: string): Promise<FolderListing> {
  try {
    return { folder, names: (await readdir(folder)).sort() };
  } catch (cause) {
    const actual = `cannot be read (${cause instanceof Error ? cause.message : cause})`;
    throw new InvalidDataError({ source: folder, actual, expected: "a folder with interactions", cause });
  }
}

/** The path of the first of some names that the folder has; a name may end in `.*`. */
export function findFile(
  { folder, names }: FolderListing,
  candidates: readonly string[],
): string | undefined {
  for (const candidate of candidates) {
    const stem = candidate.endsWith(".*") ? candidate.slice(0, -1) : undefined;
    const found = names.find((name) => (stem === undefined ? name === candidate : name.startsWith(stem)));
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}
