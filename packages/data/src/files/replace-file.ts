import { causeMessage, FileError } from "@dmrec/core";
import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file completely or not at all, also if the process dies.
 *
 * @throws FileError if it cannot be written.
 */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(file, content);
  } catch (cause) {
    throw new FileError(file, `cannot be written (${causeMessage(cause)})`, { cause });
  }
}
