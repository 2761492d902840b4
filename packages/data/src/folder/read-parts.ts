import { basename } from "node:path";
import { type InteractionMatrix, InvalidDataError } from "@dmrec/core";
import type { WarningHandler } from "../data-warning";
import { distinctEvents } from "../duplicate-events";
import type { ColumnNames } from "../formats/delimited-table";
import type { IndexedInteractions } from "../formats/indexed-interactions";
import type { InteractionLog } from "../formats/interaction-log";
import { toImplicit } from "../implicit-feedback";
import { interactionMatrix } from "../interaction-matrix";
import { kCore } from "../k-core";
import { type SplitOptions, type SplitParts, splitInteractions } from "../split";
import { type FolderListing, findFile } from "./find-file";
import { orderIdentifiers } from "./index-identifiers";
import { assertWithinEmbeddings, indexLog } from "./index-interactions";
import { interactionExtensions, type ReadInteractions, readInteractions } from "./read-interactions";
import type { LanguageFiles } from "./read-language";

export interface ReadPartsOptions {
  readonly columns?: ColumnNames | undefined;
  readonly minimumRating?: number | undefined;
  readonly kCore: number;
  readonly split: SplitOptions;
  readonly onWarning: WarningHandler;
}

/** The parts of a folder's interactions, with the identifiers of their indices. */
export interface IdentifiedParts extends SplitParts {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
}

const partNames = {
  train: ["train.*", "trn_mat.pkl"],
  validation: ["valid.*", "validation.*", "val.*", "val_mat.pkl"],
  test: ["test.*", "tst_mat.pkl"],
};
const wholeNames = ["interactions.*", "ratings.*", "reviews.*", "events.*"];

/**
 * Reads a folder's interactions: three files of parts, or one file that is split here.
 *
 * @throws InvalidDataError
 */
export async function readParts(
  listing: FolderListing,
  language: LanguageFiles | undefined,
  options: ReadPartsOptions,
): Promise<IdentifiedParts> {
  const [train, validation, test] = [partNames.train, partNames.validation, partNames.test].map((names) =>
    findFile(listing, names),
  );
  if (train !== undefined && validation !== undefined && test !== undefined) {
    return readSplit(listing, language, options, [train, validation, test]);
  }
  const found = [train, validation, test].filter((file) => file !== undefined);
  if (found.length > 0) {
    throw new InvalidDataError({
      source: listing.folder,
      actual: `only ${found.map((file) => basename(file)).join(" and ")} of the three parts`,
      expected: `files for all three: ${Object.values(partNames)
        .map((names) => names.join(" or "))
        .join("; ")}`,
    });
  }
  const whole = findFile(listing, wholeNames) ?? findFile(listing, onlyTable(listing));
  if (whole === undefined) {
    throw new InvalidDataError({
      source: listing.folder,
      actual: `no interactions (${listing.names.length} files)`,
      expected: `train, valid and test files, trn_mat.pkl, val_mat.pkl and tst_mat.pkl, or one of ${wholeNames.join(", ")} (${interactionExtensions.join(", ")})`,
    });
  }
  return readWhole(whole, listing, language, options);
}

/** The one file of interactions in a folder that names it otherwise, if there is just one. */
function onlyTable({ names }: FolderListing): string[] {
  const tables = names.filter(
    (name) => /\.(csv|tsv|inter|jsonl)$/i.test(name) && !/^(items?|users?)[._]/i.test(name),
  );
  return tables.length === 1 ? tables : [];
}

async function readSplit(
  listing: FolderListing,
  language: LanguageFiles | undefined,
  options: ReadPartsOptions,
  files: readonly string[],
): Promise<IdentifiedParts> {
  const read: ReadInteractions[] = [];
  for (const file of files) {
    const part = await readInteractions(file, options.columns);
    read.push(part.kind === "log" ? { kind: "log", log: implicit(part.log, options) } : part);
  }
  const { parts, userIds, itemIds } = await withCommonIndices(read, listing, language);
  const userCount = userIds.length;
  const itemCount = itemIds.length;
  const [train, validation, test] = parts.map((part) =>
    matrixOf({ ...part, userCount, itemCount }, options.onWarning),
  );
  return { train, validation, test, userIds, itemIds };
}

async function readWhole(
  file: string,
  listing: FolderListing,
  language: LanguageFiles | undefined,
  options: ReadPartsOptions,
): Promise<IdentifiedParts> {
  const whole = await readInteractions(file, options.columns);
  if (whole.kind === "indexed") {
    const { parts, userIds, itemIds } = await withCommonIndices([whole], listing, language);
    const matrix = matrixOf(
      { ...parts[0], userCount: userIds.length, itemCount: itemIds.length },
      options.onWarning,
    );
    const users = Int32Array.from({ length: matrix.items.length });
    for (let user = 0; user < matrix.userCount; user += 1)
      users.fill(user, matrix.offsets[user], matrix.offsets[user + 1]);
    return { ...splitInteractions({ source: file, ...matrix, users }, options.split), userIds, itemIds };
  }
  const { log, duplicates, firstLine } = distinctEvents(implicit(whole.log, options));
  if (duplicates > 0) {
    const message = "a user has an item more than once; kept once, the latest";
    options.onWarning({ source: file, location: `line ${firstLine}`, message, count: duplicates });
  }
  const core = kCore(log, options.kCore);
  if (core.users.length === 0) {
    const actual = `no interaction is left of ${whole.log.users.length} (minimum rating, ${options.kCore}-core)`;
    throw new InvalidDataError({ source: file, actual, expected: "interactions to train on" });
  }
  const { parts, userIds, itemIds } = await withCommonIndices(
    [{ kind: "log", log: core }],
    listing,
    language,
  );
  const { timestamps } = core;
  const split = splitInteractions({ ...parts[0], ...(timestamps ? { timestamps } : {}) }, options.split);
  return { ...split, userIds, itemIds };
}

function implicit(log: InteractionLog, { minimumRating, onWarning }: ReadPartsOptions): InteractionLog {
  if (minimumRating === undefined) {
    if (log.ratings) {
      const message =
        "has ratings, and every one counts as an interaction; a minimum rating would leave low ones out";
      onWarning({ source: log.source, message, count: 1 });
    }
    return log;
  }
  const { log: kept, belowThreshold } = toImplicit(log, minimumRating);
  if (belowThreshold > 0) {
    onWarning({
      source: log.source,
      message: `an event rated below ${minimumRating} is left out`,
      count: belowThreshold,
    });
  }
  return kept;
}

/** Parts over the same users and items: the identifiers decide, or for indices the largest count. */
async function withCommonIndices(
  read: readonly ReadInteractions[],
  listing: FolderListing,
  language: LanguageFiles | undefined,
): Promise<{
  readonly parts: readonly IndexedInteractions[];
  readonly userIds: string[];
  readonly itemIds: string[];
}> {
  const logs = read.flatMap((part) => (part.kind === "log" ? [part.log] : []));
  const indexed = read.flatMap((part) => (part.kind === "indexed" ? [part.interactions] : []));
  if (logs.length > 0 && indexed.length > 0) {
    const expected = "parts of one kind: all with identifiers, or all with indices";
    throw new InvalidDataError({
      source: indexed[0].source,
      actual: `indices beside the identifiers of ${logs[0].source}`,
      expected,
    });
  }
  const users = language && { rowCount: language.users.rowCount, file: language.userFile };
  const items = language && { rowCount: language.items.rowCount, file: language.itemFile };
  for (const part of indexed) if (language) assertWithinEmbeddings(part, language);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  const most = (rows: number | undefined, counts: readonly number[]) => upTo(rows ?? Math.max(0, ...counts));
  const seenUsers =
    logs.length > 0
      ? distinct(logs.map((log) => log.userIds))
      : most(
          users?.rowCount,
          indexed.map((part) => part.userCount),
        );
  const seenItems =
    logs.length > 0
      ? distinct(logs.map((log) => log.itemIds))
      : most(
          items?.rowCount,
          indexed.map((part) => part.itemCount),
        );
  const userIds = await orderIdentifiers({ what: "user", listing, embeddings: users }, seenUsers);
  const itemIds = await orderIdentifiers({ what: "item", listing, embeddings: items }, seenItems);
  return { parts: [...indexed, ...logs.map((log) => indexLog(log, userIds, itemIds))], userIds, itemIds };
}

function distinct(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

/** The matrix of a part, with a warning where it has an interaction more than once. */
function matrixOf(interactions: IndexedInteractions, onWarning: WarningHandler): InteractionMatrix {
  const { userCount, itemCount, users, items, source, locate } = interactions;
  const matrix = interactionMatrix({ userCount, itemCount, users, items });
  const duplicates = users.length - matrix.items.length;
  if (duplicates > 0) {
    const entry = firstDuplicate(interactions);
    const message = `user ${users[entry]} has item ${items[entry]} more than once; kept once`;
    onWarning({ source, location: locate(entry), message, count: duplicates });
  }
  return matrix;
}

function firstDuplicate({ users, items, itemCount }: IndexedInteractions): number {
  const seen = new Set<number>();
  return users.findIndex((user, entry) => seen.size === seen.add(user * itemCount + items[entry]).size);
}
