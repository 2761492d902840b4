import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { InvalidDataError } from "@dmrec/core";
import { readAdjacencyList } from "../formats/adjacency-list";
import { type ColumnNames, readDelimitedTable } from "../formats/delimited-table";
import type { IndexedInteractions } from "../formats/indexed-interactions";
import type { InteractionLog } from "../formats/interaction-log";
import { readJsonLines } from "../formats/json-lines";
import { readPickledMatrix } from "../formats/pickled-matrix";
import { readRecboleInteractions } from "../formats/recbole-atomic";

/** The extensions of files that hold interactions. */
export const interactionExtensions = [".txt", ".dat", ".csv", ".tsv", ".inter", ".jsonl", ".pkl"] as const;

/** What a file of interactions holds: indices, or events with identifiers. */
export type ReadInteractions =
  | { readonly kind: "indexed"; readonly interactions: IndexedInteractions }
  | { readonly kind: "log"; readonly log: InteractionLog };

/** Reads interactions in the format that the file's extension and, for text, its first line show. */
export async function readInteractions(file: string, columns?: ColumnNames): Promise<ReadInteractions> {
  const named = columns ? { columns } : {};
  switch (extname(file).toLowerCase()) {
    case ".pkl":
      return { kind: "indexed", interactions: await readPickledMatrix(file) };
    case ".inter":
      return { kind: "log", log: await readRecboleInteractions(file, columns) };
    case ".jsonl":
      return { kind: "log", log: await readJsonLines(file, named) };
    case ".csv":
    case ".tsv":
      return { kind: "log", log: await readDelimitedTable(file, named) };
    case ".txt":
    case ".dat":
      return (await startsWithHeader(file))
        ? { kind: "log", log: await readDelimitedTable(file, named) }
        : { kind: "indexed", interactions: await readAdjacencyList(file) };
    default:
      throw new InvalidDataError({
        source: file,
        actual: "an extension of no known format",
        expected: `one of ${interactionExtensions.join(", ")}`,
      });
  }
}

/** A text file is a table where its first line is tab-separated words, one of which is no number; else a list of indices. */
async function startsWithHeader(file: string): Promise<boolean> {
  const lines = createInterface({ input: createReadStream(file) });
  try {
    for await (const line of lines) {
      return line.includes("\t") && line.split("\t").every((word) => !/^\s*\d+(\s+\d+)*\s*$/.test(word));
    }
  } catch {
    // The reader that comes next says what is wrong with the file.
  } finally {
    lines.close();
  }
  return false;
}
