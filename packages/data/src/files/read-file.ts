import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { causeMessage, InvalidDataError } from "@dmrec/core";
import { assertPlainUtf8 } from "./assert-plain-utf8";
import { decodeText } from "./decode-text";
import { isGzip } from "./format-extension";

const decompress = promisify(gunzip);

/**
 * Reads a file, decompressed if its name ends in `.gz`.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    return isGzip(file) ? await decompress(bytes) : bytes;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/**
 * Reads a text file, without its byte order mark.
 *
 * @throws InvalidDataError if the file cannot be read, is compressed or in UTF-16 against its name, or is larger than a text of JavaScript, half a gigabyte.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  assertPlainUtf8(file, bytes);
  try {
    return withoutByteOrderMark(decodeText(bytes));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

export function unreadable(file: string, cause: unknown): InvalidDataError {
  const actual = `cannot be read (${causeMessage(cause)})`;
  return new InvalidDataError({ source: file, actual, expected: "a readable file", cause });
}
