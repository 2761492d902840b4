import { toImplicit } from "../../interactions/to-implicit";
import type { LoadSettings } from "../load-options";
import { type FileInteractions, isLog } from "./read-interactions";

/**
 * Leaves out events below the minimum rating, with a warning. Also warns of ratings without a minimum rating, and of a
 * minimum rating without ratings.
 */
export function implicitInteractions(
  read: FileInteractions,
  { minimumRating, onWarning }: Pick<LoadSettings, "minimumRating" | "onWarning">,
): FileInteractions {
  const { source = "interactions", users } = read;
  const hasRatings = isLog(read) && read.ratings !== undefined;
  if (minimumRating === undefined) {
    const message =
      "has ratings, and every one counts as an interaction; minimumRating (--minimum-rating 4 of the command) leaves low ones out";
    if (hasRatings) onWarning({ source, message, count: users.length });
    return read;
  }
  if (!hasRatings) {
    const message = "has no ratings to compare with the minimum rating; everything counts as an interaction";
    onWarning({ source, message, count: users.length });
    return read;
  }
  const { log, belowThreshold, firstLine } = toImplicit(read, minimumRating);
  const message = `an event rated below ${minimumRating} is left out`;
  if (belowThreshold > 0)
    onWarning({
      source,
      location: `line ${firstLine}`,
      message,
      count: belowThreshold,
      leftOut: `events rated below ${minimumRating}`,
    });
  return log;
}
