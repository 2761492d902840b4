import { InvalidDataError } from "@dmrec/core";
import { textLines } from "../../files/text-lines";
import type { InteractionEntries } from "../../interactions/interaction-entries";

const largestIndex = 2 ** 31 - 2;

/**
 * Reads an adjacency list (the format of LightGCN): a line for each user, with the user's index and then the indices of
 * the items, separated by spaces or tabs.
 *
 * @throws InvalidDataError naming the line, or if the lines are events: a user, an item, a rating and perhaps a time.
 */
export async function readAdjacencyList(file: string): Promise<InteractionEntries> {
  const [users, items, lines]: [number[], number[], number[]] = [[], [], []];
  let [largestUser, largestItem] = [-1, -1];
  const [wordCounts, listedUsers]: [Set<number>, Set<number>] = [new Set(), new Set()];
  let lineCount = 0;
  for await (const { text, number } of textLines(file)) {
    const words = text.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length === 0) continue;
    const [user, ...listed] = words.map((word) => indexOf(word, file, number));
    largestUser = Math.max(largestUser, user);
    wordCounts.add(words.length);
    // Lines of different lengths are no events.
    if (wordCounts.size === 1) listedUsers.add(user);
    lineCount += 1;
    for (const item of listed) {
      users.push(user);
      items.push(item);
      lines.push(number);
      if (item > largestItem) largestItem = item;
    }
  }
  if (largestUser < 0) {
    throw new InvalidDataError({
      source: file,
      actual: "is empty",
      expected: "a line a user: its index, then its items'",
    });
  }
  // A list has a line a user, and users have different numbers of items.
  const [wordCount] = wordCounts;
  if (wordCounts.size === 1 && (wordCount === 3 || wordCount === 4) && listedUsers.size <= lineCount / 2) {
    const actual = `${lineCount} lines of ${wordCount} numbers, of ${listedUsers.size} users`;
    const header = ["user", "item", "rating", "timestamp"].slice(0, wordCount).join(", ");
    const expected = `a line a user: its index, then its items'; above events put a line with ${header}, separated as they are`;
    throw new InvalidDataError({ source: file, actual, expected });
  }
  const lineOf = Int32Array.from(lines);
  return {
    source: file,
    userCount: largestUser + 1,
    itemCount: largestItem + 1,
    users: Int32Array.from(users),
    items: Int32Array.from(items),
    locate: (entry) => `line ${lineOf[entry]}`,
  };
}

function indexOf(word: string, source: string, line: number): number {
  const index = Number(word);
  if (/^\d+$/.test(word) && index <= largestIndex) return index;
  const expected = `an index, a whole number from 0 to ${largestIndex}, in a line a user; of events without a header, the columns by number (--user-column 1 --item-column 2)`;
  throw new InvalidDataError({ source, location: `line ${line}`, actual: JSON.stringify(word), expected });
}
