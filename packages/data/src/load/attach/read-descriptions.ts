import type { SplitDataset } from "@dmrec/core";
import type { WarningHandler } from "../data-warning";
import type { DatasetFiles } from "../discover/discover-files";
import type { Identifiers } from "../load-context";
import { attachItemAttributes } from "./attach-item-attributes";
import { attachTexts } from "./attach-texts";

/** The descriptions of a dataset's users and items, as far as its folder has them. */
export type Descriptions = Pick<
  SplitDataset,
  "itemNames" | "itemAttributes" | "itemProfiles" | "userProfiles"
>;

/** Reads names, attributes and profiles, in the order of the indices. */
export async function readDescriptions(
  files: DatasetFiles,
  { userIds, itemIds }: Identifiers,
  onWarning: WarningHandler,
): Promise<Descriptions> {
  const read = (file: string | undefined, fields: readonly string[], ids: readonly string[]) =>
    file === undefined ? undefined : attachTexts(file, { fields, ids, onWarning });
  const itemNames = await read(files.itemNames, ["name", "title"], itemIds);
  const itemAttributes =
    files.itemAttributes === undefined
      ? undefined
      : await attachItemAttributes(files.itemAttributes, { ids: itemIds, onWarning });
  const itemProfiles = await read(files.itemProfiles, ["profile", "text"], itemIds);
  const userProfiles = await read(files.userProfiles, ["profile", "text"], userIds);
  return {
    ...(itemNames ? { itemNames } : {}),
    ...(itemAttributes ? { itemAttributes } : {}),
    ...(itemProfiles ? { itemProfiles } : {}),
    ...(userProfiles ? { userProfiles } : {}),
  };
}
