import { createReadStream } from "node:fs";
import { unreadable, withoutByteOrderMark } from "./read-file";

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * Streams the lines of a UTF-8 file, without their ends and without a byte order mark.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function* textLines(file: string): AsyncGenerator<TextLine> {
  let number = 0;
  for await (const line of rawLines(file)) {
    number += 1;
    yield { text: number === 1 ? withoutByteOrderMark(line) : line, number };
  }
}

const lineEnd = /\r\n|\n|\r/;
/** A carriage return at the end of a chunk may be half of a line's end. */
const lineEndWithin = /\r\n|\n|\r(?!$)/;

async function* rawLines(file: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks(file)) {
    rest += chunk;
    // A line of many chunks is searched once, not once a chunk.
    if (!lineEnd.test(chunk)) continue;
    const lines = rest.split(lineEndWithin);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest.replace(/\r$/, "");
}

async function* chunks(file: string): AsyncGenerator<string> {
  try {
    yield* createReadStream(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
}
