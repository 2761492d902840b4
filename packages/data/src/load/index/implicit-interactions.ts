import { toImplicit } from "../../interactions/implicit-feedback";
import type { ReadInteractions } from "../discover/read-interactions";
import type { ReadPartsOptions } from "../parts-source";

/** What of a file counts as interactions, with a warning of what does not, or of ratings that decide nothing. */
export function implicitInteractions(
  read: ReadInteractions,
  { minimumRating, onWarning }: Pick<ReadPartsOptions, "minimumRating" | "onWarning">,
): ReadInteractions {
  const { source, users } = read.kind === "log" ? read.log : read.interactions;
  const hasRatings = read.kind === "log" && read.log.ratings !== undefined;
  if (minimumRating === undefined) {
    const message =
      "has ratings, and every one counts as an interaction; a minimum rating would leave low ones out";
    if (hasRatings) onWarning({ source, message, count: users.length });
    return read;
  }
  if (read.kind === "indexed" || !hasRatings) {
    const message = "has no ratings to hold against the minimum rating; everything counts as an interaction";
    onWarning({ source, message, count: users.length });
    return read;
  }
  const { log, belowThreshold, firstLine } = toImplicit(read.log, minimumRating);
  const message = `an event rated below ${minimumRating} is left out`;
  if (belowThreshold > 0)
    onWarning({ source, location: `line ${firstLine}`, message, count: belowThreshold });
  return { kind: "log", log };
}
