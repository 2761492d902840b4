import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { causeMessage, FileError, parseStored } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import type { z } from "zod";
import { makeDirectory } from "../make-directory";

/**
 * Reads a record from a JSON file; undefined if there is none.
 *
 * @param remedy Says what to do about a damaged file.
 * @throws FileError if it cannot be read or is damaged.
 */
export async function readRecordFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  remedy: string,
): Promise<z.output<Schema> | undefined> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw new FileError(file, `cannot be read (${causeMessage(cause)})`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    return parseStored(schema, JSON.parse(text));
  } catch (cause) {
    const message = `is damaged, or of another version (${causeMessage(cause)}); ${remedy}`;
    throw new FileError(file, message, { cause });
  }
}

/**
 * Writes a record as a JSON file, whole or not at all, and makes its directory.
 *
 * @throws FileError if it cannot be written.
 */
export async function writeRecordFile(file: string, record: object): Promise<void> {
  await makeDirectory(dirname(file));
  await replaceFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
