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
  const ratings = isLog(read) ? read.ratings : undefined;
  if (minimumRating === undefined) {
    if (!ratings) return read;
    const [lowest, highest] = extremes(ratings);
    // Four of five stars, or as much of another scale.
    const example = highest <= 1 ? highest : Math.round(0.8 * highest);
    const message = `has ratings from ${lowest} to ${highest}, and every one counts as an interaction; minimumRating (--minimum-rating ${example} of the command) leaves low ones out`;
    onWarning({ source, message, count: users.length });
    return read;
  }
  if (!ratings || !isLog(read)) {
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

/** The lowest and the highest of some numbers, with few digits. */
function extremes(numbers: Float32Array): readonly [lowest: number, highest: number] {
  let [lowest, highest] = [numbers[0], numbers[0]];
  for (const number of numbers) {
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  const short = (number: number) => Number(number.toFixed(2));
  return [short(lowest), short(highest)];
}
