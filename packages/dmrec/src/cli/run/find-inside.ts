import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The depth of a model of a comparison in the folder of comparisons. */
const depth = 2;

/**
 * The first folder in a directory, or in a folder of it, that holds a file of some names. Undefined if there is none.
 *
 * @example
 * await findInside("runs/search", ["run.json"]); // "runs/search/trials/0f3a91c2"
 */
export async function findInside(directory: string, files: readonly string[]): Promise<string | undefined> {
  let folders = [directory];
  for (let level = 0; level < depth; level += 1) {
    const inner = await Promise.all(folders.map(foldersOf));
    folders = inner.flat();
    for (const folder of folders) {
      const names = await readdir(folder).catch((): string[] => []);
      if (files.some((file) => names.includes(file))) return folder;
    }
  }
  return undefined;
}

async function foldersOf(directory: string): Promise<string[]> {
  // What cannot be read holds nothing that could be named.
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(directory, name))
    .sort();
}
