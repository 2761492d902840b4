import { basename } from "node:path";
import { InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError if the bytes begin as those of gzip, or of UTF-16, as spreadsheets write "Unicode text". */
export function assertPlainUtf8(source: string, [first, second]: Uint8Array): void {
  if (first === 0x1f && second === 0x8b) {
    const expected = `a name that says so, ${basename(source)}.gz`;
    throw new InvalidDataError({ source, actual: "is compressed by gzip", expected });
  }
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!isMarked) return;
  const expected = `UTF-8: save it as that, such as by iconv -f UTF-16 -t UTF-8 ${basename(source)} > new-${basename(source)}`;
  throw new InvalidDataError({ source, actual: "is text in UTF-16", expected });
}
