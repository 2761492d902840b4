import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { causeMessage, DMRecError, FileError } from "@dmrec/core";
import type { UserRecommendations } from "../app/recommend-to-all";

/** Formats of a file of recommendations, by the end of its name. */
const formats: Readonly<
  Record<string, { readonly head: string; lines(entry: UserRecommendations): string }>
> = {
  ".csv": {
    head: "user,rank,item,name,score\n",
    lines: ({ user, items }) =>
      items
        .map(
          ({ itemId, name, score }, rank) =>
            `${[user, rank + 1, itemId, name, score].map(field).join(",")}\n`,
        )
        .join(""),
  },
  ".jsonl": { head: "", lines: (entry) => `${JSON.stringify(entry)}\n` },
};

/** The format that a file's name asks for; undefined if there is none. */
export function recommendationFormat(file: string): string | undefined {
  return Object.keys(formats).find((end) => file.toLowerCase().endsWith(end));
}

/**
 * Writes recommendations to a file as they come. The file appears when it is complete.
 *
 * @throws FileError if it cannot be written.
 */
export async function writeRecommendations(
  file: string,
  format: string,
  batches: AsyncIterable<readonly UserRecommendations[]>,
): Promise<void> {
  const partial = `${file}.partial`;
  const { head, lines } = formats[format];
  async function* content() {
    yield head;
    for await (const batch of batches) yield batch.map(lines).join("");
  }
  try {
    await pipeline(content, createWriteStream(partial));
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    if (DMRecError.isInstance(cause)) throw cause;
    throw new FileError(file, `could not be written (${causeMessage(cause)})`, { cause });
  }
}

/** A field of a CSV file (RFC 4180). */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
