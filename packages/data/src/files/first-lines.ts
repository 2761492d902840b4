import { textLines } from "./text-lines";

/**
 * The first lines of a text that are not blank.
 *
 * @param longestLine In bytes. Of a longer line the beginning is the last text.
 * @throws InvalidDataError if the file cannot be read.
 */
export async function firstLinesOf(
  file: string,
  count: number,
  longestLine?: number,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of textLines(file, longestLine)) {
    if (text.trim() !== "") lines.push(text);
    if (lines.length === count) break;
  }
  return lines;
}
