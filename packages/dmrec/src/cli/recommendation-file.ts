import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { causeMessage, DMRecError, FileError } from "@dmrec/core";
import type { UserRecommendations } from "../app/recommend-to-all";

type Batches = AsyncIterable<readonly UserRecommendations[]>;

/** Formats of a file of recommendations, by the end of its name. */
const formats: Readonly<Record<string, (file: string, batches: Batches) => Promise<void>>> = {
  ".csv": textFile("user,rank,item,name,score\n", ({ user, items }) =>
    items
      .map(
        ({ itemId, name, score }, rank) => `${[user, rank + 1, itemId, name, score].map(field).join(",")}\n`,
      )
      .join(""),
  ),
  ".jsonl": textFile("", (entry) => `${JSON.stringify(entry)}\n`),
  ".parquet": parquetFile,
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
export async function writeRecommendations(file: string, format: string, batches: Batches): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await formats[format](partial, batches);
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    if (DMRecError.isInstance(cause)) throw cause;
    throw new FileError(file, `could not be written (${causeMessage(cause)})`, { cause });
  }
}

/** A writer of text, with some lines for each user. */
function textFile(head: string, lines: (entry: UserRecommendations) => string) {
  return async (file: string, batches: Batches) => {
    async function* content() {
      yield head;
      for await (const batch of batches) yield batch.map(lines).join("");
    }
    await pipeline(content, createWriteStream(file));
  };
}

/** Writes a Parquet table with the columns of the CSV file, a group of rows at a time. */
async function parquetFile(file: string, batches: Batches): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import("hyparquet-writer");
  async function* rows() {
    for await (const batch of batches)
      for (const { user, items } of batch)
        for (const [index, { itemId, name, score }] of items.entries())
          yield { user, rank: index + 1, item: itemId, name, score };
  }
  await parquetWriteRows({
    writer: fileWriter(file),
    rows: rows(),
    columns: [
      { name: "user", type: "STRING" },
      { name: "rank", type: "INT32" },
      { name: "item", type: "STRING" },
      { name: "name", type: "STRING" },
      { name: "score", type: "FLOAT" },
    ],
  });
}

/** A field of a CSV file (RFC 4180). */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
