import { basename, resolve } from "node:path";
import { InvalidDataError, type SplitDataset } from "@dmrec/core";
import { listFolder } from "../files/folder-listing";
import { readEmbeddingFiles } from "../formats/embedding-files";
import { readDescriptions } from "./attach/read-descriptions";
import { discoverFiles } from "./discover/discover-files";
import { type LoadDatasetOptions, resolveSettings } from "./load-options";
import { loadParts } from "./split/load-parts";
import { reportUntrained } from "./split/report-untrained";

/**
 * Loads a folder: interactions in any format of this package, split into parts or not, and embeddings, names, attributes
 * and profiles if there are any. The README lists the names of the files.
 *
 * @throws InvalidDataError naming the file and the place.
 * @throws InvalidOptionsError
 * @example
 * const data = await loadDataset("data/books", { minimumRating: 4, kCore: 5, onWarning: console.error });
 */
export async function loadDataset(folder: string, options: LoadDatasetOptions = {}): Promise<SplitDataset> {
  const settings = resolveSettings(options);
  const files = await discoverFiles(await listFolder(folder), settings);
  const embeddings = files.embeddings && (await readEmbeddingFiles(files.embeddings));
  const parts = await loadParts({ files, embeddings, settings });
  const descriptions = await readDescriptions(files, parts, settings.onWarning);
  const { train, validation, test, userIds, itemIds } = parts;
  if (train.items.length === 0) {
    const expected = "at least one";
    throw new InvalidDataError({ source: folder, actual: "no training interactions", expected });
  }
  reportUntrained(parts, settings.onWarning);
  return {
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
}
