import { InvalidDataError, parseOptions, RandomGenerator } from "@dmrec/core";
import { z } from "zod";
import { bcaLevels } from "./bca-levels";
import { quantile } from "./quantile";

/** The bounds of a bootstrap interval: quantiles as they are, or bias-corrected and accelerated ones. */
export type BootstrapMethod = "percentile" | "bca";

export interface BootstrapOptions {
  /**
   * The statistic of a sample. The function may change the array that it gets.
   *
   * @default the mean
   */
  readonly statistic?: ((sample: Float64Array) => number) | undefined;
  /** The way the bounds are found. @default "bca" */
  readonly method?: BootstrapMethod | undefined;
  /**
   * The share of intervals that hold the true value.
   *
   * @default 0.95
   */
  readonly level?: number | undefined;
  /**
   * The number of resamples.
   *
   * @default 9999
   */
  readonly resamples?: number | undefined;
  /**
   * The seed of the resamples.
   *
   * @default 2024
   */
  readonly seed?: number | undefined;
}

/** A statistic and its confidence interval. */
export interface BootstrapInterval {
  /** The statistic of the sample itself. */
  readonly estimate: number;
  /** The lower end of the interval. */
  readonly low: number;
  /** The upper end of the interval. */
  readonly high: number;
}

const optionsSchema = z.strictObject({
  statistic: z
    .custom<NonNullable<BootstrapOptions["statistic"]>>(
      (value) => typeof value === "function",
      "expected a function of a sample",
    )
    .default(() => mean),
  method: z.enum(["percentile", "bca"]).default("bca"),
  level: z.number().gt(0).lt(1).default(0.95),
  resamples: z.int().positive().default(9999),
  seed: z.int().nonnegative().default(2024),
});

/**
 * A confidence interval of a statistic of a sample by the bootstrap (Efron 1979): the statistic of samples of the same size,
 * drawn from the sample with replacement.
 *
 * The interval of a gain is that of the differences of pairs. The method `"bca"` corrects the bias and the skewness, and computes
 * the statistic once more for each value of the sample (Efron 1987).
 *
 * @param values The sample, at least 2 finite numbers.
 * @throws InvalidDataError for another sample, a statistic that is no finite number, or one whose bias cannot be corrected.
 * @throws InvalidOptionsError
 * @example
 * const gains = matched.perUser["recall@20"].map((value, index) => value - base.perUser["recall@20"][index]);
 * const { estimate, low, high } = bootstrapInterval(gains, { seed: 1 });
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const [interval] = bootstrapIntervals([values], options);
  return interval;
}

/**
 * The intervals of {@link bootstrapInterval} of several samples of one size, such as the metrics of the same users. The members of
 * the resamples are the same for all samples, and drawn once, which is most of the time.
 *
 * @param samples Samples of one size, each as of {@link bootstrapInterval}.
 * @throws InvalidDataError as {@link bootstrapInterval}, and for samples of several sizes.
 * @throws InvalidOptionsError
 */
export function bootstrapIntervals(
  samples: readonly ArrayLike<number>[],
  options: BootstrapOptions = {},
): BootstrapInterval[] {
  const { statistic, method, level, resamples, seed } = parseOptions(
    "bootstrapInterval",
    optionsSchema,
    options,
  );
  const arrays = samples.map((values) => Float64Array.from(values));
  for (const sample of arrays) assertSample(sample, arrays[0].length);
  const measure = (part: Float64Array) => finite(statistic(part));
  const estimates = arrays.map((sample) => measure(sample.slice()));
  const tail = (1 - level) / 2;
  return resample(arrays, measure, resamples, RandomGenerator.fromSeed(seed)).map((unsorted, index) => {
    const [estimate, resampled] = [estimates[index], unsorted.sort()];
    const [low, high] =
      method === "percentile"
        ? [tail, 1 - tail]
        : bcaLevels({ estimate, resampled, jackknife: jackknife(arrays[index], measure) }, tail);
    return { estimate, low: quantile(resampled, low), high: quantile(resampled, high) };
  });
}

/** Draws resamples and measures each sample on them. All samples have one size and share the draws. Returns `[samples, count]`. */
function resample(
  samples: readonly Float64Array[],
  measure: (part: Float64Array) => number,
  count: number,
  random: RandomGenerator,
): Float64Array[] {
  const size = samples[0]?.length ?? 0;
  const members = new Int32Array(size);
  const drawn = new Float64Array(size);
  const measured = samples.map(() => new Float64Array(count));
  for (let nth = 0; nth < count; nth += 1) {
    for (let index = 0; index < size; index += 1) members[index] = random.integer(size);
    for (const [which, sample] of samples.entries()) {
      for (let index = 0; index < size; index += 1) drawn[index] = sample[members[index]];
      measured[which][nth] = measure(drawn);
    }
  }
  return measured;
}

/** The statistic without each value of the sample. */
export function jackknife(sample: Float64Array, measure: (part: Float64Array) => number): Float64Array {
  const rest = new Float64Array(sample.length - 1);
  return sample.map((_, left) => {
    rest.set(sample.subarray(0, left));
    rest.set(sample.subarray(left + 1), left);
    return measure(rest);
  });
}

function mean(sample: Float64Array): number {
  let sum = 0;
  for (const value of sample) sum += value;
  return sum / sample.length;
}

function assertSample(sample: Float64Array, size: number): void {
  const source = "bootstrapInterval";
  if (sample.length < 2)
    throw new InvalidDataError({ source, actual: `${sample.length} values`, expected: "at least 2" });
  if (sample.length !== size)
    throw new InvalidDataError({
      source,
      actual: `${sample.length} values`,
      expected: `${size}, as in the first sample`,
    });
  const index = sample.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const location = `value ${index}`;
  throw new InvalidDataError({
    source,
    location,
    actual: String(sample[index]),
    expected: "a finite number",
  });
}

function finite(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const source = "bootstrapInterval, the statistic";
  throw new InvalidDataError({ source, actual: String(value), expected: "a finite number" });
}
