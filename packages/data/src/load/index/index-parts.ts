import { InvalidDataError } from "@dmrec/core";
import { type InteractionEntries, placeOf } from "../../interactions/interaction-entries";
import type { InteractionLog } from "../../interactions/interaction-log";
import type { Identifiers, LoadContext } from "../load-context";
import { type FileInteractions, isLog } from "../read/read-interactions";
import { indexLog } from "./index-log";
import { type IdentifierSource, orderIdentifiers } from "./order-identifiers";

/** Parts over the same users and items. */
export interface IndexedParts extends Identifiers {
  readonly parts: readonly InteractionEntries[];
}

/**
 * Brings parts to common indices: those of their identifiers or, if the parts have indices, the indices themselves.
 *
 * @throws InvalidDataError
 */
export async function indexParts(
  context: LoadContext,
  read: readonly FileInteractions[],
): Promise<IndexedParts> {
  const logs = read.filter((part) => isLog(part));
  const indexed = read.flatMap((part) => (isLog(part) ? [] : [part]));
  if (logs.length === 0) return alignIndexed(context, indexed);
  if (indexed.length === 0) return indexLogs(context, logs);
  throw new InvalidDataError({
    source: indexed[0].source ?? "interactions",
    actual: `indices beside the identifiers of ${logs[0].source}`,
    expected: "parts of one kind: all with identifiers, or all with indices",
  });
}

async function indexLogs(context: LoadContext, logs: readonly InteractionLog[]): Promise<IndexedParts> {
  const distinct = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];
  const identifiers = {
    userIds: await orderIdentifiers(
      identifierSource(context, "user"),
      distinct(logs.map((log) => log.userIds)),
    ),
    itemIds: await orderIdentifiers(
      identifierSource(context, "item"),
      distinct(logs.map((log) => log.itemIds)),
    ),
  };
  return { parts: logs.map((log) => indexLog(log, identifiers)), ...identifiers };
}

async function alignIndexed(
  context: LoadContext,
  indexed: readonly InteractionEntries[],
): Promise<IndexedParts> {
  const [users, items] = [identifierSource(context, "user"), identifierSource(context, "item")];
  for (const part of indexed) {
    assertWithinEmbeddings(part, part.users, users);
    assertWithinEmbeddings(part, part.items, items);
  }
  assertIndices(indexed, users, (part) => part.users);
  assertIndices(indexed, items, (part) => part.items);
  const userIds = await orderIndices(
    users,
    indexed.map((part) => part.userCount),
  );
  const itemIds = await orderIndices(
    items,
    indexed.map((part) => part.itemCount),
  );
  const [userCount, itemCount] = [userIds.length, itemIds.length];
  return { parts: indexed.map((part) => ({ ...part, userCount, itemCount })), userIds, itemIds };
}

/** As many indices are no mistake, however few of them occur. */
const certainIndices = 1_000_000;

/**
 * Refuses numbers that can be no indices, because nearly none of those below them occur in any part: a model of so many would not
 * fit into any memory. Embeddings or a list of identifiers say themselves how many there are.
 *
 * @throws InvalidDataError naming the first one.
 */
function assertIndices(
  parts: readonly InteractionEntries[],
  { entity, embeddings, listFile }: IdentifierSource,
  indicesOf: (part: InteractionEntries) => Int32Array,
): void {
  if (embeddings || listFile !== undefined) return;
  const interactions = parts.reduce((sum, { users }) => sum + users.length, 0);
  const most = Math.max(certainIndices, 10 * interactions);
  for (const part of parts) {
    const indices = indicesOf(part);
    const entry = indices.findIndex((index) => index >= most);
    if (entry < 0) continue;
    throw new InvalidDataError({
      ...placeOf(part, entry),
      actual: `${entity} ${indices[entry]} among ${interactions} interactions`,
      expected:
        "indices, numbers from 0 on without large gaps; identifiers belong in a table, such as interactions.csv with the header user,item",
    });
  }
}

/** The identifiers of parts with indices, one for each index up to the largest. */
async function orderIndices(source: IdentifierSource, counts: readonly number[]): Promise<readonly string[]> {
  const count = source.embeddings?.rowCount ?? Math.max(...counts);
  // A list has identifiers of its own.
  const indices =
    source.listFile === undefined ? Array.from({ length: count }, (_, index) => String(index)) : [];
  const ids = await orderIdentifiers(source, indices);
  if (ids.length >= count) return ids;
  throw new InvalidDataError({
    source: source.listFile ?? `${source.entity}_ids.json`,
    actual: `${ids.length} identifiers`,
    expected: `${count}, as many as the interactions have indices`,
  });
}

/** @throws InvalidDataError naming the first entry whose user or item has no row in the embeddings. */
function assertWithinEmbeddings(
  part: InteractionEntries,
  indices: Int32Array,
  { entity, embeddings }: IdentifierSource,
): void {
  if (!embeddings) return;
  const { rowCount, file } = embeddings;
  const entry = indices.findIndex((index) => index >= rowCount);
  if (entry < 0) return;
  throw new InvalidDataError({
    ...placeOf(part, entry),
    actual: `${entity} ${indices[entry]}`,
    expected: `${entity === "item" ? "an item" : "a user"} below ${rowCount}, the number of rows of ${file}`,
  });
}

function identifierSource({ files, embeddings }: LoadContext, entity: "user" | "item"): IdentifierSource {
  const [listFile, matrix, file] =
    entity === "user"
      ? [files.userIds, embeddings?.users, files.embeddings?.users]
      : [files.itemIds, embeddings?.items, files.embeddings?.items];
  const hasEmbeddings = matrix !== undefined && file !== undefined;
  return { entity, listFile, embeddings: hasEmbeddings ? { rowCount: matrix.rowCount, file } : undefined };
}
