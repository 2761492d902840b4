import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { causeMessage, FileError } from "@dmrec/core";
import { type FileContent, replaceFile } from "@dmrec/core/files";

/**
 * Writes a file whole or not at all, as {@link replaceFile} does, and makes its folder if there is none.
 *
 * @throws FileError if that fails; what was there is intact.
 */
export async function writeDurably(file: string, content: FileContent): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
  } catch (cause) {
    const problem = `could not be written (${causeMessage(cause)}); what was saved before is intact`;
    throw new FileError(file, problem, { cause });
  }
  await replaceFile(file, content);
}
