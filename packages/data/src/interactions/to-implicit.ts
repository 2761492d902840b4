import { type InteractionLog, selectEvents } from "./interaction-log";

/** The events of a log that count as interactions. */
export interface ImplicitFeedback {
  readonly log: InteractionLog;
  /** Events left out because of their rating. */
  readonly belowThreshold: number;
  /** The line of the first event that is left out. */
  readonly firstLine: number | undefined;
}

/** Turns ratings into implicit feedback: leaves out events rated below `minimumRating`. A log without ratings is kept. */
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
