import { extname } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import type { IndexedInteractions } from "../../formats/indexed-interactions";
import type { InteractionLog } from "../../formats/interaction-log";
import { readPickledMatrix } from "../../formats/pickle/pickled-matrix";
import { readAdjacencyList } from "../../formats/text/adjacency-list";
import { readDelimitedTable } from "../../formats/text/delimited-table";
import { readJsonLines } from "../../formats/text/json-lines";
import { readRecboleInteractions } from "../../formats/text/recbole-atomic";
import type { ReadPartsOptions } from "../parts-source";
import { headerDelimiter } from "./header-delimiter";

/** The extensions of files that hold interactions. */
export const interactionExtensions = [".txt", ".dat", ".csv", ".tsv", ".inter", ".jsonl", ".pkl"] as const;

/** What a file of interactions holds: indices, or events with identifiers. */
export type ReadInteractions =
  | { readonly kind: "indexed"; readonly interactions: IndexedInteractions }
  | { readonly kind: "log"; readonly log: InteractionLog };

/** Reads interactions in the format that the file's extension and, for text, its first line show. */
export async function readInteractions(
  file: string,
  { columns }: Pick<ReadPartsOptions, "columns">,
): Promise<ReadInteractions> {
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
    case ".dat": {
      const delimiter = await headerDelimiter(file);
      return delimiter === undefined
        ? { kind: "indexed", interactions: await readAdjacencyList(file) }
        : { kind: "log", log: await readDelimitedTable(file, { ...named, delimiter }) };
    }
    default:
      throw new InvalidDataError({
        source: file,
        actual: "an extension of no known format",
        expected: `one of ${interactionExtensions.join(", ")}`,
      });
  }
}
