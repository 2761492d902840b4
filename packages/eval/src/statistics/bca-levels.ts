import { InvalidDataError } from "@dmrec/core";
import { normalCdf, normalQuantile } from "./standard-normal";

export interface BcaSource {
  /** The statistic of the sample. */
  readonly estimate: number;
  /** The statistic of each resample. */
  readonly resampled: Float64Array;
  /** The statistic of the sample without each of its values. */
  readonly jackknife: Float64Array;
}

/**
 * The probabilities of the resampled statistic that bound the bias-corrected and accelerated interval (Efron 1987; Efron and
 * Tibshirani 1993, section 14.3).
 *
 * @param tail The probability of each side outside of the interval.
 * @throws InvalidDataError if all resampled statistics are on one side of the estimate.
 */
export function bcaLevels({ estimate, resampled, jackknife }: BcaSource, tail: number): [number, number] {
  const below = resampled.filter((value) => value < estimate).length;
  const equal = resampled.filter((value) => value === estimate).length;
  const bias = normalQuantile((below + equal / 2) / resampled.length);
  if (!Number.isFinite(bias)) {
    throw new InvalidDataError({
      source: "bootstrapInterval",
      actual: "all resampled statistics are on one side of the sample's",
      expected: 'resampled statistics around it; choose the method "percentile"',
    });
  }
  const a = acceleration(jackknife);
  const level = (z: number) => normalCdf(bias + (bias + z) / (1 - a * (bias + z)));
  const z = normalQuantile(tail);
  return [level(z), level(-z)];
}

/** The skewness of the jackknife's influences, divided by 6 √n. 0 if no value has any influence. */
function acceleration(jackknife: Float64Array): number {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  const influences = jackknife.map((value) => mean - value);
  const largest = influences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  // Relative to the largest, because powers of tiny numbers are 0.
  const cubes = influences.reduce((sum, value) => sum + (value / largest) ** 3, 0);
  const squares = influences.reduce((sum, value) => sum + (value / largest) ** 2, 0);
  return cubes / (6 * squares ** 1.5);
}
