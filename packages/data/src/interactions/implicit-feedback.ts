import type { InteractionLog } from "../formats/interaction-log";

/** Events of a log that count as interactions, and how many did not. */
export interface ImplicitFeedback {
  readonly log: InteractionLog;
  /** Events dropped for their rating. */
  readonly belowThreshold: number;
  /** The line of the first of them. */
  readonly firstLine: number | undefined;
}

/** Implicit feedback: an event counts when its rating is at least `minimumRating`, and always where there are no ratings. */
export function toImplicit(log: InteractionLog, minimumRating: number): ImplicitFeedback {
  const { ratings } = log;
  if (!ratings) return { log, belowThreshold: 0, firstLine: undefined };
  const kept = Int32Array.from(ratings.keys()).filter((event) => ratings[event] >= minimumRating);
  const belowThreshold = ratings.length - kept.length;
  const first = ratings.findIndex((rating) => rating < minimumRating);
  return {
    log: belowThreshold === 0 ? log : selectEvents(log, kept),
    belowThreshold,
    firstLine: first < 0 ? undefined : log.lines[first],
  };
}

/** The log with some of its events, in their order; identifiers stay as they are. */
export function selectEvents(log: InteractionLog, events: Int32Array): InteractionLog {
  const { source, userIds, itemIds, users, items, ratings, timestamps, lines } = log;
  return {
    source,
    userIds,
    itemIds,
    users: Int32Array.from(events, (event) => users[event]),
    items: Int32Array.from(events, (event) => items[event]),
    lines: Int32Array.from(events, (event) => lines[event]),
    ...(ratings ? { ratings: Float32Array.from(events, (event) => ratings[event]) } : {}),
    ...(timestamps ? { timestamps: Float64Array.from(events, (event) => timestamps[event]) } : {}),
  };
}
