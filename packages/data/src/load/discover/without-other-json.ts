import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import type { FolderListing } from "../../files/folder-listing";
import { jsonForm } from "../../formats/table/json-form";
import { isOwnFile } from "../tables/find-tables";

/** JSON with a usual name of interactions. */
export const usualJson =
  /^(train|test|valid|validation|val|interactions|ratings|reviews|events)\.json(\.gz)?$/i;
export const anyJson = /\.json(\.gz)?$/i;

/**
 * A folder without its JSON that is no table, such as settings in `train.json`.
 *
 * @param asked The names of JSON that is opened; any other stays, because a folder may have a file for each item.
 */
export async function withoutOtherJson(
  { folder, names }: FolderListing,
  asked: RegExp,
): Promise<FolderListing> {
  const kept: string[] = [];
  for (const name of names) if (!asked.test(name) || (await isJsonTable(join(folder, name)))) kept.push(name);
  return { folder, names: kept };
}

async function isJsonTable(file: string): Promise<boolean> {
  if (isOwnFile(file)) return false;
  try {
    return (await jsonForm(file)) !== undefined;
  } catch (error) {
    if (InvalidDataError.isInstance(error)) return false;
    throw error;
  }
}
