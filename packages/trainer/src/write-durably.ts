import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { CheckpointError } from "@dmrec/core";
import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file in one rename, synced to disk, and makes its folder where there is none: whenever the process dies, the
 * file is the old one or the new one.
 *
 * @throws CheckpointError where that fails; what was there before is intact.
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
    const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0];
    throw new CheckpointError(file, `could not be written (${reason}); what was saved before is intact`, {
      cause,
    });
  }
}
