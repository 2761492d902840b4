import { InvalidDataError } from "@dmrec/core";
import { formatExtension } from "../../files/format-extension";
import { readPickledMatrix } from "../../formats/pickle/pickled-matrix";
import { openTable } from "../../formats/table/open-table";
import { readLog } from "../../formats/table/read-log";
import type { Table } from "../../formats/table/table";
import { readAdjacencyList } from "../../formats/text/adjacency-list";
import type { InteractionEntries } from "../../interactions/interaction-entries";
import type { InteractionLog } from "../../interactions/interaction-log";
import { collectInvalidLines } from "../invalid-lines";
import type { LoadSettings } from "../load-options";

/** The extensions of files of interactions. */
export const interactionExtensions = [
  ".txt",
  ".dat",
  ".csv",
  ".tsv",
  ".inter",
  ".jsonl",
  ".parquet",
  ".pkl",
] as const;

/** The content of a file of interactions: events with identifiers, or entries with indices. */
export type FileInteractions = InteractionLog | InteractionEntries;

export function isLog(interactions: FileInteractions): interactions is InteractionLog {
  return "userIds" in interactions;
}

/** Reads a table of events. */
export async function readTableLog(
  table: Table,
  settings: Pick<LoadSettings, "columns" | "onInvalidLine" | "onWarning">,
): Promise<InteractionLog> {
  const invalid = collectInvalidLines(table.source, settings);
  const log = await readLog(table, settings.columns, invalid.handler);
  invalid.report();
  return log;
}

/** Reads interactions. The name of the file shows its format; for text, so does its first line. */
export async function readInteractions(
  file: string,
  settings: Pick<LoadSettings, "columns" | "onInvalidLine" | "onWarning">,
): Promise<FileInteractions> {
  const extension = formatExtension(file);
  if (extension === ".pkl") return readPickledMatrix(file);
  const table = await openTable(file);
  if (table) return readTableLog(table, settings);
  if (extension === ".txt" || extension === ".dat") return readAdjacencyList(file);
  const expected = `one of ${interactionExtensions.join(", ")}`;
  throw new InvalidDataError({ source: file, actual: "an extension of no known format", expected });
}
