import { extname } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { readPickledMatrix } from "../../formats/pickle/pickled-matrix";
import { readAdjacencyList } from "../../formats/text/adjacency-list";
import { readDelimitedTable } from "../../formats/text/delimited-table";
import { readJsonLines } from "../../formats/text/json-lines";
import { readRecboleInteractions } from "../../formats/text/recbole-atomic";
import type { InteractionEntries } from "../../interactions/interaction-entries";
import type { InteractionLog } from "../../interactions/interaction-log";
import type { LoadSettings } from "../load-options";
import { headerDelimiter } from "./header-delimiter";

/** The extensions of files of interactions. */
export const interactionExtensions = [".txt", ".dat", ".csv", ".tsv", ".inter", ".jsonl", ".pkl"] as const;

/** The content of a file of interactions: events with identifiers, or entries with indices. */
export type FileInteractions = InteractionLog | InteractionEntries;

export function isLog(interactions: FileInteractions): interactions is InteractionLog {
  return "userIds" in interactions;
}

/** Reads interactions. The extension of the file shows its format; for text, so does its first line. */
export async function readInteractions(
  file: string,
  { columns }: Pick<LoadSettings, "columns">,
): Promise<FileInteractions> {
  const named = columns ? { columns } : {};
  switch (extname(file).toLowerCase()) {
    case ".pkl":
      return readPickledMatrix(file);
    case ".inter":
      return readRecboleInteractions(file, columns);
    case ".jsonl":
      return readJsonLines(file, named);
    case ".csv":
    case ".tsv":
      return readDelimitedTable(file, named);
    case ".txt":
    case ".dat": {
      const delimiter = await headerDelimiter(file);
      return delimiter === undefined
        ? readAdjacencyList(file)
        : readDelimitedTable(file, { ...named, delimiter });
    }
    default:
      throw new InvalidDataError({
        source: file,
        actual: "an extension of no known format",
        expected: `one of ${interactionExtensions.join(", ")}`,
      });
  }
}
