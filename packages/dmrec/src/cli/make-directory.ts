import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { causeMessage, FileError } from "@dmrec/core";

/**
 * Makes a directory and those above it that are missing. Node's own recursive mkdir never returns in some file systems, such as
 * /proc.
 *
 * @throws FileError if it cannot be made, or if a file is in its place.
 */
export async function makeDirectory(folder: string): Promise<void> {
  const path = resolve(folder);
  if (await isDirectory(path)) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  try {
    await mkdir(path);
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (await isDirectory(path)) return;
    const reason = (await isThere(path)) ? "a file has this name" : causeMessage(cause);
    const message = `cannot be made a directory (${reason}); name a folder that you may write to`;
    throw new FileError(path, message, { cause });
  }
}

export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
