import { readFile } from "node:fs/promises";
import { causeMessage, InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError if the file cannot be read. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/**
 * Reads a UTF-8 file, without its byte order mark.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function readText(file: string): Promise<string> {
  return withoutByteOrderMark((await readBytes(file)).toString("utf8"));
}

export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

export function unreadable(file: string, cause: unknown): InvalidDataError {
  const actual = `cannot be read (${causeMessage(cause)})`;
  return new InvalidDataError({ source: file, actual, expected: "a readable file", cause });
}
