import type { ItemAttributes, SplitDataset } from "@dmrec/core";
import type { FolderListing } from "../../files/folder-listing";
import type { Table } from "../../formats/table/table";
import type { DiscoveredFiles } from "../discover/discover-files";
import type { Identifiers } from "../load-context";
import type { LoadSettings } from "../load-options";
import type { FolderReport } from "../report/folder-report";
import { readEventTitles } from "../tables/event-titles";
import {
  type DescribedTable,
  type ReportContext,
  readGivenTable,
  readItemTable,
  readUserTable,
} from "../tables/read-tables";
import { attachItemAttributes } from "./attach-item-attributes";
import { attachTexts } from "./attach-texts";

/** The descriptions of a dataset's users and items, as far as its folder has them. */
export type Descriptions = Pick<
  SplitDataset,
  "itemNames" | "itemAttributes" | "itemColumns" | "itemProfiles" | "userProfiles" | "userTexts"
>;

/** A folder whose descriptions are read. */
export interface DescribedFolder {
  readonly files: DiscoveredFiles;
  readonly listing: FolderListing;
  readonly settings: LoadSettings;
  readonly report: FolderReport;
}

/**
 * Reads names, attributes, profiles and tables, in the order of the indices. Files of names and attributes count before the
 * table of items.
 */
export async function readDescriptions(
  folder: DescribedFolder,
  { userIds, itemIds }: Identifiers,
): Promise<Descriptions> {
  const { files, settings } = folder;
  const { onWarning } = settings;
  const read = (file: string | undefined, fields: readonly string[], ids: readonly string[]) =>
    file === undefined ? undefined : attachTexts(file, { fields, ids, onWarning });
  const context = { ...folder, used: usedFiles(files) };
  const events = files.interactions.kind === "whole" ? files.interactions.file : files.interactions.train;
  // The titles of events come last: those of reviews are no names of items.
  const itemTable = await readItemTable(context, itemIds, () => readEventTitles(context, events, itemIds));
  const userTable = await readUserTable(context, userIds);
  const itemNames =
    (await read(files.itemNames, ["name", "title"], itemIds)) ?? titlesOf(itemTable?.attributes);
  const described =
    files.itemAttributes === undefined
      ? itemTable
      : await attachItemAttributes(files.itemAttributes, { ids: itemIds, onWarning });
  const itemProfiles = await read(files.itemProfiles, ["profile", "text"], itemIds);
  const userProfiles = await read(files.userProfiles, ["profile", "text"], userIds);
  return {
    ...(itemNames ? { itemNames } : {}),
    ...attributesAndColumns(described),
    ...(itemProfiles ? { itemProfiles } : {}),
    ...(userTable ? { userTexts: userTable.attributes.map(userText) } : {}),
    ...(userProfiles ? { userProfiles } : {}),
  };
}

/** Reads names, attributes and texts from given tables, in the order of the indices. */
export async function describeFromTable(
  context: ReportContext,
  { items, users }: { readonly items: Table | undefined; readonly users: Table | undefined },
  { userIds, itemIds }: Identifiers,
): Promise<Descriptions> {
  const itemTable = items && (await readGivenTable(context, "item", items, itemIds));
  const userTable = users && (await readGivenTable(context, "user", users, userIds));
  const itemNames = titlesOf(itemTable?.attributes);
  return {
    ...(itemNames ? { itemNames } : {}),
    ...attributesAndColumns(itemTable),
    ...(userTable ? { userTexts: userTable.attributes.map(userText) } : {}),
  };
}

function attributesAndColumns(
  table: DescribedTable | undefined,
): Pick<Descriptions, "itemAttributes" | "itemColumns"> {
  if (!table) return {};
  const { attributes: itemAttributes, columns: itemColumns } = table;
  return Object.keys(itemColumns).length > 0 ? { itemAttributes, itemColumns } : { itemAttributes };
}

/** The titles of a table that has some. */
function titlesOf(table: readonly ItemAttributes[] | undefined): readonly string[] | undefined {
  return table?.some(({ title }) => title !== undefined) ? table.map(({ title = "" }) => title) : undefined;
}

function userText({ description, details = {} }: ItemAttributes): string {
  const facts = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
  return [description, facts.join("; ")].filter((text) => text).join(" ");
}

function usedFiles({ interactions, embeddings, ...files }: DiscoveredFiles): ReadonlySet<string> {
  const { kind: _, ...parts } = interactions;
  const used = [...Object.values(parts), ...Object.values(embeddings ?? {}), ...Object.values(files)];
  return new Set(used.filter((file) => file !== undefined));
}
