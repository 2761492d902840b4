import type { InteractionMatrix } from "@dmrec/core";
import type { WarningHandler } from "../data-warning";
import type { IndexedInteractions } from "../formats/indexed-interactions";
import { interactionMatrix } from "../interaction-matrix";
import { commonIndices } from "./common-indices";
import { implicitLog } from "./implicit-log";
import type { IdentifiedParts, PartsSource } from "./parts-source";
import { type ReadInteractions, readInteractions } from "./read-interactions";

/** Reads interactions that are split already: the files of the training, validation and test part. */
export async function readSplitFiles(
  source: PartsSource,
  files: readonly string[],
): Promise<IdentifiedParts> {
  const { options } = source;
  const read: ReadInteractions[] = [];
  for (const file of files) {
    const part = await readInteractions(file, options.columns);
    read.push(part.kind === "log" ? { kind: "log", log: implicitLog(part.log, options) } : part);
  }
  const { parts, userIds, itemIds } = await commonIndices(source, read);
  const [train, validation, test] = parts.map((part) => indexedMatrix(part, options.onWarning));
  return { train, validation, test, userIds, itemIds };
}

/** The matrix of indexed interactions, with a warning where it has one more than once. */
export function indexedMatrix(
  interactions: IndexedInteractions,
  onWarning: WarningHandler,
): InteractionMatrix {
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
