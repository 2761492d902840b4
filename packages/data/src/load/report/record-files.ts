import type { ProfileEmbeddings } from "@dmrec/core";
import type { DatasetFiles } from "../discover/discover-files";
import { type FolderReport, formatCount } from "./folder-report";

/** Records the files of a dataset that are read as a whole: lists, texts and embeddings. */
export function recordFiles(
  report: FolderReport,
  files: DatasetFiles,
  embeddings: ProfileEmbeddings | undefined,
): void {
  for (const entity of ["users", "items"] as const) {
    const [file, matrix] = [files.embeddings?.[entity], embeddings?.[entity]];
    if (file === undefined || !matrix) continue;
    const { rowCount, columnCount } = matrix;
    report.add(file, `embeddings of ${entity}`, `${formatCount(rowCount)} rows, ${columnCount} wide`);
  }
  const others: readonly (readonly [string | undefined, string])[] = [
    [files.userIds, "identifiers of users"],
    [files.itemIds, "identifiers of items"],
    [files.itemNames, "names of items"],
    [files.itemAttributes, "attributes of items"],
    [files.itemProfiles, "profiles of items"],
    [files.userProfiles, "profiles of users"],
  ];
  for (const [file, holds] of others) if (file !== undefined) report.add(file, holds, "");
}
