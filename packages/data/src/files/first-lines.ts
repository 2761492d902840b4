import { textLines } from "./text-lines";

/**
 * The first lines of a text that are not blank.
 *
 * @throws InvalidDataError if the file cannot be read.
 */
export async function firstLinesOf(file: string, count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of textLines(file)) {
    if (text.trim() !== "") lines.push(text);
    if (lines.length === count) break;
  }
  return lines;
}
