import { InvalidDataError } from "@dmrec/core";
import { formatExtension } from "../../files/format-extension";
import { readPickledMatrix } from "../../formats/pickle/pickled-matrix";
import type { ColumnNames } from "../../formats/table/column-names";
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
  ".rating",
  ".csv",
  ".tsv",
  ".inter",
  ".jsonl",
  ".json",
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
  const { source, columns, isGuess = false } = table;
  if (isGuess) {
    const places = columns.map((name, index) => `${name} ${index + 1}`).join(", ");
    const message = `has no header; its columns are taken for ${places}; if they are others, name them by number, such as --user-column 2 --item-column 1`;
    settings.onWarning({ source, message, count: 1 });
  }
  const invalid = collectInvalidLines(source, settings);
  const log = await readLog(table, settings.columns, invalid.handler);
  invalid.report();
  return log;
}

/** The names among those of columns that options give. */
export function namesOf(columns: ColumnNames = {}): readonly string[] {
  return Object.values(columns).filter((name) => name !== undefined);
}

/** Reads interactions. The name of the file shows its format; for text, so does its first line. */
export async function readInteractions(
  file: string,
  settings: Pick<LoadSettings, "columns" | "onInvalidLine" | "onWarning">,
): Promise<FileInteractions> {
  const extension = formatExtension(file);
  if (extension === ".pkl") return readPickledMatrix(file);
  const table = await openTable(file, namesOf(settings.columns));
  if (table) return readTableLog(table, settings);
  if (extension === ".txt" || extension === ".dat") return readAdjacencyList(file);
  const expected = `one of ${interactionExtensions.join(", ")}`;
  throw new InvalidDataError({ source: file, actual: "an extension of no known format", expected });
}
