import { type InteractionLog, selectEvents } from "./interaction-log";
import { firstRepeat, orderByPair } from "./pair-order";

/** A log without repeated pairs. */
export interface DistinctEvents {
  readonly log: InteractionLog;
  /** Events left out because another event has the same user and item. */
  readonly duplicates: number;
  /** The line of the first event that repeats an earlier one. */
  readonly firstLine: number | undefined;
}

/** Keeps one event for each pair of user and item: the latest by time, or the last one if there are no times. */
export function distinctEvents(log: InteractionLog): DistinctEvents {
  const { users, items, timestamps, lines } = log;
  const pairs = { userCount: log.userIds.length, itemCount: log.itemIds.length, users, items };
  const repeat = firstRepeat(pairs);
  if (repeat === undefined) return { log, duplicates: 0, firstLine: undefined };

  const isKept = new Uint8Array(users.length);
  let latest = -1;
  for (const event of orderByPair(pairs)) {
    const isSamePair = users[event] === users[latest] && items[event] === items[latest];
    if (isSamePair && timestamps && timestamps[event] < timestamps[latest]) continue;
    if (isSamePair) isKept[latest] = 0;
    isKept[event] = 1;
    latest = event;
  }
  const kept = Int32Array.from(users.keys()).filter((event) => isKept[event] === 1);
  return {
    log: selectEvents(log, kept),
    duplicates: users.length - kept.length,
    firstLine: lines[repeat],
  };
}
