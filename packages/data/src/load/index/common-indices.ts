import { InvalidDataError } from "@dmrec/core";
import type { IndexedInteractions } from "../../formats/indexed-interactions";
import type { InteractionLog } from "../../formats/interaction-log";
import type { ReadInteractions } from "../discover/read-interactions";
import type { Identifiers, PartsSource } from "../parts-source";
import { orderIdentifiers } from "./index-identifiers";
import { assertWithinEmbeddings, indexLog } from "./index-interactions";

/** Parts over the same users and items. */
export interface CommonIndices extends Identifiers {
  readonly parts: readonly IndexedInteractions[];
}

/**
 * Brings parts to common indices: those of their identifiers, or, for parts that have indices, the indices themselves.
 *
 * @throws InvalidDataError
 */
export async function commonIndices(
  source: PartsSource,
  read: readonly ReadInteractions[],
): Promise<CommonIndices> {
  const logs = read.flatMap((part) => (part.kind === "log" ? [part.log] : []));
  const indexed = read.flatMap((part) => (part.kind === "indexed" ? [part.interactions] : []));
  if (logs.length === 0) return alignIndexed(source, indexed);
  if (indexed.length === 0) return indexLogs(source, logs);
  throw new InvalidDataError({
    source: indexed[0].source,
    actual: `indices beside the identifiers of ${logs[0].source}`,
    expected: "parts of one kind: all with identifiers, or all with indices",
  });
}

async function indexLogs(source: PartsSource, logs: readonly InteractionLog[]): Promise<CommonIndices> {
  const distinct = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];
  const userIds = await identifiers(source, "user", distinct(logs.map((log) => log.userIds)));
  const itemIds = await identifiers(source, "item", distinct(logs.map((log) => log.itemIds)));
  return { parts: logs.map((log) => indexLog(log, userIds, itemIds)), userIds, itemIds };
}

async function alignIndexed(
  source: PartsSource,
  indexed: readonly IndexedInteractions[],
): Promise<CommonIndices> {
  const { language } = source;
  if (language) for (const part of indexed) assertWithinEmbeddings(part, language);
  const most = (rows: number | undefined, counts: readonly number[]) => rows ?? Math.max(...counts);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  const users = most(
    language?.users.rowCount,
    indexed.map((part) => part.userCount),
  );
  const items = most(
    language?.items.rowCount,
    indexed.map((part) => part.itemCount),
  );
  const userIds = await identifiers(source, "user", upTo(users));
  const itemIds = await identifiers(source, "item", upTo(items));
  for (const [what, ids, count] of [
    ["user", userIds, users],
    ["item", itemIds, items],
  ] as const) {
    if (ids.length >= count) continue;
    const expected = `${count}, as many as the interactions have indices`;
    throw new InvalidDataError({ source: `${what}_ids.json`, actual: `${ids.length} identifiers`, expected });
  }
  const [userCount, itemCount] = [userIds.length, itemIds.length];
  return { parts: indexed.map((part) => ({ ...part, userCount, itemCount })), userIds, itemIds };
}

function identifiers(
  { listing, language }: PartsSource,
  what: "user" | "item",
  seen: readonly string[],
): Promise<string[]> {
  const matrix = what === "user" ? language?.users : language?.items;
  const file = what === "user" ? language?.userFile : language?.itemFile;
  const embeddings = matrix && file !== undefined ? { rowCount: matrix.rowCount, file } : undefined;
  return orderIdentifiers({ what, listing, embeddings }, seen);
}
