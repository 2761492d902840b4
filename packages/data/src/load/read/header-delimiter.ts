import { textLines } from "../../files/text-lines";

/**
 * The delimiter of a text file that is a table. Its first line is words between tabs, commas or spaces, none of them a
 * number. Undefined for any other file, which is a list of indices.
 */
export async function headerDelimiter(file: string): Promise<string | undefined> {
  for await (const { text } of textLines(file)) {
    if (text.trim() === "") continue;
    return ["\t", ",", " "].find((delimiter) => isHeader(text.trim().split(delimiter)));
  }
  return undefined;
}

function isHeader(words: readonly string[]): boolean {
  return words.length > 1 && words.every((word) => !/^\s*-?\d+(\s+-?\d+)*\s*$/.test(word));
}
