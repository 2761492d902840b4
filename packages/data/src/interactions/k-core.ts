import { type InteractionLog, selectEvents } from "./interaction-log";
import type { Pairs } from "./pair-order";

/**
 * The k-core of a log: users and items with fewer than `k` events are left out until every one has `k`. Identifiers
 * without events are left out too, so indices are dense again. A `k` of 0 keeps everything.
 */
export function kCore(log: InteractionLog, k: number): InteractionLog {
  if (k === 0) return log;
  const { users, items, userIds, itemIds } = log;
  const core = coreEntries({ users, items, userCount: userIds.length, itemCount: itemIds.length }, k);
  return compact(selectEvents(log, core));
}

/** The entries of the k-core, in their order: every remaining user and item has at least `k` of them. */
export function coreEntries({ users, items, userCount, itemCount }: Pairs, k: number): Int32Array {
  let entries = Int32Array.from(users.keys());
  for (;;) {
    const [userCounts, itemCounts] = [new Int32Array(userCount), new Int32Array(itemCount)];
    for (const entry of entries) {
      userCounts[users[entry]] += 1;
      itemCounts[items[entry]] += 1;
    }
    const kept = entries.filter((entry) => userCounts[users[entry]] >= k && itemCounts[items[entry]] >= k);
    if (kept.length === entries.length) return kept;
    entries = kept;
  }
}

/** The log with only the identifiers that have events, in their order. */
function compact(log: InteractionLog): InteractionLog {
  const [users, userIds] = renumber(log.users, log.userIds);
  const [items, itemIds] = renumber(log.items, log.itemIds);
  return { ...log, users, userIds, items, itemIds };
}

function renumber(indices: Int32Array, ids: readonly string[]): [Int32Array, string[]] {
  const present = new Uint8Array(ids.length);
  for (const index of indices) present[index] = 1;
  const numbers = new Int32Array(ids.length);
  const kept = ids.filter((_, index) => present[index] === 1);
  let next = 0;
  present.forEach((isPresent, index) => {
    numbers[index] = next;
    next += isPresent;
  });
  return [indices.map((index) => numbers[index]), kept];
}
