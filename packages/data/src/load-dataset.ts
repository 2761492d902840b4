import { basename, resolve } from "node:path";
import { InvalidDataError, parseOptions, type SplitDataset } from "@dmrec/core";
import { z } from "zod";
import { emitWarning, type WarningHandler } from "./data-warning";
import { findFile, listFolder } from "./folder/find-file";
import { readDescriptions } from "./folder/read-descriptions";
import { readItemAttributes } from "./folder/read-item-attributes";
import { readLanguage } from "./folder/read-language";
import { readParts } from "./folder/read-parts";
import { reportUntrained } from "./folder/report-untrained";
import { splitSchema } from "./split";

const optionsSchema = z.strictObject({
  /** Names of a table's columns, where they are not the usual ones. */
  columns: z
    .strictObject({ user: z.string(), item: z.string(), rating: z.string(), timestamp: z.string() })
    .partial()
    .optional(),
  /** Events rated lower do not count as interactions; without it every event counts. */
  minimumRating: z.number().optional(),
  /**
   * Leaves out users and items with fewer interactions, of data that is not yet split. Where the data has indices and
   * not identifiers, the indices stay and those left out have no interactions.
   */
  kCore: z.int().nonnegative().default(0),
  /** How data that is not yet split is split. */
  split: splitSchema.prefault({}),
  /** The share of the training part that is held out for validation where a folder has a training and a test part alone. */
  validationShare: z.number().gt(0).lt(1).default(0.25),
});

export interface LoadDatasetOptions extends z.input<typeof optionsSchema> {
  /** Told of what is usable but worth knowing; printed as a Node warning where it is absent. */
  readonly onWarning?: WarningHandler;
}

const nameFiles = ["item_names.json", "items.json", "items.csv", "item_names.txt"];
const itemProfileFiles = ["item_profiles.json", "item_profiles.jsonl", "itm_prf.pkl"];
const userProfileFiles = ["user_profiles.json", "user_profiles.jsonl", "usr_prf.pkl"];
const attributeFiles = ["item_attributes.json", "item_attributes.jsonl"];

/**
 * Loads a folder: interactions in any format of this package, split into parts or not, and where there are any,
 * embeddings, names, attributes and profiles. The README lists the file names.
 *
 * @throws InvalidDataError naming the file and the place.
 * @throws InvalidOptionsError
 */
export async function loadDataset(folder: string, options: LoadDatasetOptions = {}): Promise<SplitDataset> {
  const { onWarning = emitWarning, ...rest } = options;
  const settings = parseOptions("loadDataset", optionsSchema, rest);
  const listing = await listFolder(folder);
  const language = await readLanguage(listing);
  const parts = await readParts({ listing, language, options: { ...settings, onWarning } });
  const { train, validation, test, userIds, itemIds } = parts;

  const describe = async (files: readonly string[], fields: readonly string[], ids: readonly string[]) => {
    const file = findFile(listing, files);
    return file === undefined ? undefined : readDescriptions(file, { fields, ids, onWarning });
  };
  const itemNames = await describe(nameFiles, ["name", "title"], itemIds);
  const attributesFile = findFile(listing, attributeFiles);
  const itemAttributes =
    attributesFile && (await readItemAttributes(attributesFile, { ids: itemIds, onWarning }));
  const itemProfiles = await describe(itemProfileFiles, ["profile", "text"], itemIds);
  const userProfiles = await describe(userProfileFiles, ["profile", "text"], userIds);
  const data: SplitDataset = {
    name: basename(resolve(folder)),
    userCount: userIds.length,
    itemCount: itemIds.length,
    train,
    validation,
    test,
    userIds,
    itemIds,
    ...(itemNames ? { itemNames } : {}),
    ...(itemAttributes ? { itemAttributes } : {}),
    ...(itemProfiles ? { itemProfiles } : {}),
    ...(userProfiles ? { userProfiles } : {}),
    ...(language ? { profileEmbeddings: { users: language.users, items: language.items } } : {}),
  };
  if (train.items.length === 0) {
    throw new InvalidDataError({
      source: folder,
      actual: "no training interactions",
      expected: "at least one",
    });
  }
  reportUntrained(parts, onWarning);
  return data;
}
