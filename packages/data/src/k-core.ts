import type { InteractionLog } from "./formats/interaction-log";
import { selectEvents } from "./implicit-feedback";

/**
 * The k-core of a log: leaves out users and items with fewer than `k` events until none is left to leave out. Users
 * and items without events leave the identifiers too, so indices are dense again; `k` 0 keeps everything.
 */
export function kCore(log: InteractionLog, k: number): InteractionLog {
  let events = Int32Array.from(log.users.keys());
  for (;;) {
    const [userCounts, itemCounts] = [new Int32Array(log.userIds.length), new Int32Array(log.itemIds.length)];
    for (const event of events) {
      userCounts[log.users[event]] += 1;
      itemCounts[log.items[event]] += 1;
    }
    const kept = events.filter(
      (event) => userCounts[log.users[event]] >= k && itemCounts[log.items[event]] >= k,
    );
    if (kept.length === events.length) return k === 0 ? log : compact(selectEvents(log, kept));
    events = kept;
  }
}

/** The log with the identifiers that have events alone, in their order. */
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
