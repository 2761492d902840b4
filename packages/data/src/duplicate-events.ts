import type { InteractionLog } from "./formats/interaction-log";
import { selectEvents } from "./implicit-feedback";

export interface DistinctEvents {
  readonly log: InteractionLog;
  /** Events left out because the same user has the same item again later. */
  readonly duplicates: number;
  /** The line of the first of them. */
  readonly firstLine: number | undefined;
}

/** Keeps one event for each pair of user and item: the latest by time, or the last one where there are no times. */
export function distinctEvents(log: InteractionLog): DistinctEvents {
  const { users, items, timestamps, lines, itemIds } = log;
  const latest = new Map<number, number>();
  let duplicates = 0;
  let firstLine: number | undefined;
  users.forEach((user, event) => {
    const pair = user * itemIds.length + items[event];
    const earlier = latest.get(pair);
    if (earlier !== undefined) {
      duplicates += 1;
      firstLine ??= lines[event];
    }
    if (earlier === undefined || !timestamps || timestamps[event] >= timestamps[earlier])
      latest.set(pair, event);
  });
  const kept = Int32Array.from(latest.values()).sort();
  return { log: duplicates === 0 ? log : selectEvents(log, kept), duplicates, firstLine };
}
