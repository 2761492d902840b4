import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { causeMessage, FileError } from "@dmrec/core";
import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file in one rename, synced to disk, and makes its folder if there is none. Whenever the process dies, the file
 * is the old one or the new one.
 *
 * @throws FileError if that fails; the old file is intact.
 */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(
      file,
      typeof content === "string"
        ? content
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    );
  } catch (cause) {
    throw new FileError(
      file,
      `could not be written (${causeMessage(cause)}); what was saved before is intact`,
      {
        cause,
      },
    );
  }
}
