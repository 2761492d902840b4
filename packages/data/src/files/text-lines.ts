import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
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
  const stream = createReadStream(file, "utf8");
  // The interface passes a stream's failure on only once it is being read.
  const failure = new Promise<never>((_, reject) => stream.once("error", reject));
  failure.catch(() => undefined);
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  let number = 0;
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failure]);
      if (next.done) return;
      number += 1;
      yield { text: number === 1 ? withoutByteOrderMark(next.value) : next.value, number };
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause)) throw cause;
    throw unreadable(file, cause);
  } finally {
    stream.destroy();
  }
}
