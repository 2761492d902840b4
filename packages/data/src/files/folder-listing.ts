import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, InvalidDataError } from "@dmrec/core";

/** The names in a folder, sorted. */
export interface FolderListing {
  readonly folder: string;
  readonly names: readonly string[];
}

/** @throws InvalidDataError if the folder cannot be read. */
export async function listFolder(folder: string): Promise<FolderListing> {
  try {
    return { folder, names: (await readdir(folder)).sort() };
  } catch (cause) {
    const actual = `cannot be read (${causeMessage(cause)})`;
    throw new InvalidDataError({ source: folder, actual, expected: "a folder with interactions", cause });
  }
}

/** The path of the first of some names that the folder has. */
export function findFile(
  { folder, names }: FolderListing,
  candidates: readonly string[],
): string | undefined {
  const found = candidates.find((candidate) => names.includes(candidate));
  return found === undefined ? undefined : join(folder, found);
}

/** The paths of the files whose names match. */
export function findFiles({ folder, names }: FolderListing, pattern: RegExp): string[] {
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}
