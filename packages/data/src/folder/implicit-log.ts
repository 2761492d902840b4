import type { InteractionLog } from "../formats/interaction-log";
import { toImplicit } from "../implicit-feedback";
import type { ReadPartsOptions } from "./parts-source";

/** The events of a log that count as interactions, with a warning of those that do not, or of ratings that nobody asked about. */
export function implicitLog(
  log: InteractionLog,
  { minimumRating, onWarning }: ReadPartsOptions,
): InteractionLog {
  const { source, ratings } = log;
  if (minimumRating === undefined) {
    const message =
      "has ratings, and every one counts as an interaction; a minimum rating would leave low ones out";
    if (ratings) onWarning({ source, message, count: 1 });
    return log;
  }
  const { log: kept, belowThreshold } = toImplicit(log, minimumRating);
  const message = `an event rated below ${minimumRating} is left out`;
  if (belowThreshold > 0) onWarning({ source, message, count: belowThreshold });
  return kept;
}
