import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { causeMessage } from "../errors/dmrec-error";
import { FileError } from "../errors/file-error";

/** The content of a file: a text, bytes, or bytes in parts, which need not exist at the same time. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

/**
 * Writes a file whole or not at all: into a new file beside it, which is synced to disk and then takes its name. Whenever the
 * process or the machine stops, the file is the old one or the new one. A file that is replaced keeps its permissions.
 *
 * @throws FileError if it cannot be written, for example on a full disk, or if the name is that of a folder, a device or a pipe;
 *   what was there is intact.
 * @example
 * await replaceFile("model.json", JSON.stringify(model));
 */
export async function replaceFile(file: string, content: FileContent): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const before = await stat(target).catch(() => undefined);
  // A rename would turn a device or a pipe into a file.
  if (before && !before.isFile())
    throw new FileError(
      file,
      `is ${before.isDirectory() ? "a folder" : "a device or a pipe"}; name a file to write`,
    );
  try {
    const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeSynced(temporary, content, before);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(dirname(target));
  } catch (cause) {
    const problem = `could not be written (${causeMessage(cause)}); what was saved before is intact`;
    throw new FileError(file, problem, { cause });
  }
}

async function writeSynced(file: string, content: FileContent, before: Stats | undefined): Promise<void> {
  const handle = await open(file, "wx", before?.mode);
  try {
    // `writeFile` goes on after a write that took a part of the bytes, as on a disk that gets full, and appends to what it wrote.
    const parts = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    for (const part of parts) await handle.writeFile(part);
    if (before) await keepOwner(handle, before);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file the permissions and the owner of another one, as far as this process may. */
async function keepOwner(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  await handle.chown(uid, gid).catch(() => {});
  await handle.chmod(mode).catch(() => {});
}

/** Makes the new name of a file durable. Not every system lets a folder be synced; the file itself is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
