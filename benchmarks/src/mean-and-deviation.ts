import { summarise } from "@dmrec/eval";

/** Formats the mean of some runs and their sample deviation, which a single run does not have. */
export function meanAndDeviation(values: readonly number[]): string {
  const { mean, standardDeviation } = summarise(values);
  return values.length === 1 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`;
}
