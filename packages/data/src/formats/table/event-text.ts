import { firstLinesOf } from "../../files/first-lines";
import { openDelimitedText } from "./delimited-text";
import { eventColumns } from "./movielens-layouts";
import type { Table } from "./table";

/** Lines that are looked at to tell events from lists of items. */
const sampledLines = 1000;

/**
 * Opens a text without a header as a table of events: a user, an item, a rating and perhaps a time in each line, between spaces,
 * tabs, commas or semicolons. Undefined for any other text, such as an adjacency list.
 *
 * @param isSure The file has events, so numbers need not show it. Without it, events differ from lists of items by users who
 *   have several lines, by ratings with decimals, or by identifiers that are no numbers.
 * @throws InvalidDataError if the file cannot be read.
 */
export async function openEventText(file: string, isSure = false): Promise<Table | undefined> {
  const lines = (await firstLinesOf(file, sampledLines)).map((line) => line.trim());
  const delimiter = /\t+|::|[,;]|\s+/.exec(lines[0] ?? "")?.[0];
  if (delimiter === undefined) return undefined;
  const rows = lines.map((line) => line.split(delimiter));
  const [{ length: width }] = rows;
  const columns = eventColumns.slice(0, width);
  const open = () => openDelimitedText(file, { delimiter, columns, quoted: false, isGuess: true });
  if (isSure) return open();
  const areEvents = rows.every((row) => row.length === width && row.slice(2).every(isNumber));
  if ((width !== 3 && width !== 4) || !areEvents) return undefined;
  const users = new Set(rows.map(([user]) => user));
  const isPlain = rows.every(([user, item, rating]) => [user, item, rating].every(isIndex));
  return isPlain && 2 * users.size > rows.length ? undefined : open();
}

function isIndex(word: string): boolean {
  return /^\d+$/.test(word);
}

function isNumber(word: string): boolean {
  return word !== "" && Number.isFinite(Number(word));
}
