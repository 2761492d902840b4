import { basename, resolve } from "node:path";
import { InvalidDataError, type SplitDataset } from "@dmrec/core";
import { listFolder } from "../files/folder-listing";
import { readEmbeddingFiles } from "../formats/embedding-files";
import { readDescriptions } from "./attach/read-descriptions";
import { discoverFiles } from "./discover/discover-files";
import { type LoadDatasetOptions, resolveSettings } from "./load-options";
import type { FileRecord } from "./report/file-record";
import { FolderReport } from "./report/folder-report";
import { recordFiles } from "./report/record-files";
import { loadParts } from "./split/load-parts";
import { reportUntrained } from "./split/report-untrained";

/** A folder's data, and what was done with each of its files. */
export interface LoadedFolder {
  readonly data: SplitDataset;
  /** A record for each file: those that were read, then the others. */
  readonly files: readonly FileRecord[];
}

/**
 * Loads a folder as {@link loadDataset} does, and describes what was found, read and left out.
 *
 * @throws InvalidDataError naming the file and the place.
 * @throws InvalidOptionsError
 * @example
 * const { data, files } = await loadFolder("ml-latest-small");
 * for (const { file, holds = "not read", read } of files) console.log(file, holds, read);
 */
export async function loadFolder(folder: string, options: LoadDatasetOptions = {}): Promise<LoadedFolder> {
  const report = new FolderReport();
  const settings = resolveSettings(options, report);
  const listing = await listFolder(folder);
  const files = await discoverFiles(listing, settings);
  const embeddings = files.embeddings && (await readEmbeddingFiles(files.embeddings));
  const parts = await loadParts({ files, embeddings, settings, report }, files.interactions);
  const { train, validation, test, userIds, itemIds } = parts;
  recordFiles(report, files, embeddings);
  const descriptions = await readDescriptions({ files, listing, settings, report }, parts);
  if (train.items.length === 0) {
    const expected = "at least one";
    throw new InvalidDataError({ source: folder, actual: "no training interactions", expected });
  }
  reportUntrained(parts, settings.onWarning);
  const data = {
    name: basename(resolve(folder)),
    userCount: userIds.length,
    itemCount: itemIds.length,
    train,
    validation,
    test,
    userIds,
    itemIds,
    ...descriptions,
    ...(embeddings ? { profileEmbeddings: embeddings } : {}),
  };
  return { data, files: report.records(listing.names) };
}
