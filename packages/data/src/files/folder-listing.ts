import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { causeMessage, InvalidDataError } from "@dmrec/core";

/** The names in a folder, sorted. Of a file that is divided into shards it has the first, which stands for all. */
export interface FolderListing {
  readonly folder: string;
  readonly names: readonly string[];
}

/** The usual reasons why a folder cannot be listed, by the code of the system. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "is a file",
  EACCES: "may not be read by you",
};

function systemCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

/** True for `train-00001-of-00002.parquet`, which is read with the first shard. */
function isLaterShard(name: string): boolean {
  return /-\d{5}-of-\d{5}\.parquet$/i.test(name) && !/-00000-of-/i.test(name);
}

/** @throws InvalidDataError if the folder cannot be read. */
export async function listFolder(folder: string): Promise<FolderListing> {
  try {
    const names = (await readdir(folder)).filter((name) => !isLaterShard(name));
    return { folder, names: names.sort() };
  } catch (cause) {
    const code = systemCode(cause);
    const actual = reasons[code] ?? `cannot be read (${causeMessage(cause)})`;
    const expected = `a folder with interactions${code === "ENOTDIR" ? `, such as ${dirname(folder)}` : ""}`;
    throw new InvalidDataError({ source: folder, actual, expected, cause });
  }
}

/** The name of a file without the ending of gzip and the number of the first shard, in lower case. */
export function plainFileName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.gz$/, "")
    .replace(/-00000-of-\d{5}(?=\.parquet$)/, "");
}

/** Returns the path of the first candidate that the folder contains. Case, `.gz` and the number of a first shard are ignored. */
export function findFile(
  { folder, names }: FolderListing,
  candidates: readonly string[],
): string | undefined {
  for (const candidate of candidates) {
    const found =
      names.find((name) => name === candidate) ?? names.find((name) => plainFileName(name) === candidate);
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}

/** The paths of the files whose names match. */
export function findFiles({ folder, names }: FolderListing, pattern: RegExp): string[] {
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}
