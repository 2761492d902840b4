import { join } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import type { FolderListing } from "../../files/folder-listing";
import { jsonForm } from "../../formats/table/json-form";
import { isOwnFile } from "../tables/find-tables";

/** A folder without its JSON that is no table, such as settings in `train.json`. */
export async function withoutOtherJson({ folder, names }: FolderListing): Promise<FolderListing> {
  const kept: string[] = [];
  for (const name of names)
    if (!/\.json(\.gz)?$/i.test(name) || (await isJsonTable(join(folder, name)))) kept.push(name);
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
