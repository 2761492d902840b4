import type { SplitDataset } from "@dmrec/core";
import { loadFolder } from "./load-folder";
import type { LoadDatasetOptions } from "./load-options";

/**
 * Loads a folder: interactions in any format of this package, split into parts or not, and embeddings, tables of items and
 * users, names, attributes and profiles if there are any. The README lists the names of the files.
 *
 * @throws InvalidDataError naming the file and the place.
 * @throws InvalidOptionsError
 * @example
 * const data = await loadDataset("data/books", { minimumRating: 4, kCore: 5, onWarning: console.error });
 */
export async function loadDataset(folder: string, options: LoadDatasetOptions = {}): Promise<SplitDataset> {
  const { data } = await loadFolder(folder, options);
  return data;
}
