import { type PageOptions, writePage } from "../write-page";
import type { TrainedCatalogue } from "./small-catalogue";

/** Writes the page of a trained catalogue, perhaps with other names of the items. */
export function writeCataloguePage(
  folder: string,
  { data, encoder, model }: TrainedCatalogue,
  changes: Partial<PageOptions> = {},
): Promise<void> {
  const itemNames = changes.itemNames ?? data.itemNames ?? data.itemIds;
  return writePage(folder, {
    data,
    encoder,
    reads: model.recommender.reads,
    exportModel: (file) => model.export(file, { ...data, itemNames }),
    ...changes,
    itemNames,
  });
}
