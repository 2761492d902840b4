import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { assertPlainUtf8 } from "./assert-plain-utf8";
import { decodeText } from "./decode-text";
import { isGzip } from "./format-extension";
import { unreadable, withoutByteOrderMark } from "./read-file";

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * Streams the lines of a text file, without their ends and without a byte order mark. A name that ends in `.gz` is
 * decompressed.
 *
 * @param longestLine In bytes. Of a longer line the beginning is the last text.
 * @throws InvalidDataError if the file cannot be read.
 */
export async function* textLines(
  file: string,
  longestLine = Number.POSITIVE_INFINITY,
): AsyncGenerator<TextLine> {
  let number = 0;
  for await (const block of wholeLines(file, longestLine)) {
    if (number === 0) assertPlainUtf8(file, block);
    const lines = decodeText(block).split(/\r\n|\n|\r/);
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) {
      number += 1;
      yield { text: number === 1 ? withoutByteOrderMark(line) : line, number };
    }
  }
}

/** Streams blocks of whole lines, so that neither a character nor a line's end is divided. */
async function* wholeLines(file: string, longestLine: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks(file)) {
    const end = endOfLastLine(chunk);
    if (end > 0) {
      yield Buffer.concat([...parts, chunk.subarray(0, end)]);
      parts = [];
      size = 0;
    }
    parts.push(chunk.subarray(end));
    size += chunk.length - end;
    if (size > longestLine) break;
  }
  yield Buffer.concat(parts);
}

const [lineFeed, carriageReturn] = [10, 13];

/** The index after the last line's end. A carriage return in the last place may be half of one. */
function endOfLastLine(chunk: Buffer): number {
  const lastReturn = chunk.length < 2 ? -1 : chunk.lastIndexOf(carriageReturn, chunk.length - 2);
  return 1 + Math.max(chunk.lastIndexOf(lineFeed), lastReturn);
}

async function* chunks(file: string): AsyncGenerator<Buffer> {
  try {
    yield* bytesOf(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function bytesOf(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file);
  // The pipeline closes the file if the reader stops early; the reader meets its errors.
  return isGzip(file) ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}
