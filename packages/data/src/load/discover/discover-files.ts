import { type FolderListing, findFile } from "../../files/folder-listing";
import { type EmbeddingFiles, findEmbeddingFiles } from "../../formats/embedding-files";
import { jsonForm } from "../../formats/table/json-form";
import type { LoadSettings } from "../load-options";
import { findInteractions, type InteractionFiles } from "./find-interactions";

/** The files of a folder beside its interactions, by what they hold. */
export interface DatasetFiles {
  readonly embeddings: EmbeddingFiles | undefined;
  /** Identifiers in the order of the indices. */
  readonly userIds: string | undefined;
  readonly itemIds: string | undefined;
  readonly itemNames: string | undefined;
  readonly itemAttributes: string | undefined;
  readonly itemProfiles: string | undefined;
  readonly userProfiles: string | undefined;
}

/** The files of a folder, which has interactions. */
export interface DiscoveredFiles extends DatasetFiles {
  readonly interactions: InteractionFiles;
}

/** Data without any file. */
export const noFiles: DatasetFiles = {
  embeddings: undefined,
  userIds: undefined,
  itemIds: undefined,
  itemNames: undefined,
  itemAttributes: undefined,
  itemProfiles: undefined,
  userProfiles: undefined,
};

/**
 * Finds the files of a dataset in a folder. Tables of items and users are found later, by their columns and values.
 *
 * @throws InvalidDataError if interactions, one part of them, or one of two files of embeddings is missing.
 */
export async function discoverFiles(
  listing: FolderListing,
  settings: LoadSettings,
): Promise<DiscoveredFiles> {
  return {
    embeddings: findEmbeddingFiles(listing),
    interactions: await findInteractions(listing, settings),
    userIds: findFile(listing, ["user_ids.json"]),
    itemIds: findFile(listing, ["item_ids.json"]),
    itemNames: findFile(listing, ["item_names.json", "item_names.txt"]) ?? (await namesInOrder(listing)),
    itemAttributes: findFile(listing, ["item_attributes.json", "item_attributes.jsonl"]),
    itemProfiles: findFile(listing, ["item_profiles.json", "item_profiles.jsonl", "itm_prf.pkl"]),
    userProfiles: findFile(listing, ["user_profiles.json", "user_profiles.jsonl", "usr_prf.pkl"]),
  };
}

/** The file `items.json`, unless it is a table. */
async function namesInOrder(listing: FolderListing): Promise<string | undefined> {
  const file = findFile(listing, ["items.json"]);
  return file !== undefined && (await jsonForm(file)) ? undefined : file;
}
