import { InvalidDataError, parseOptions } from "@dmrec/core";
import { z } from "zod";
import { findRoot } from "./find-root";
import { noncentralTCdf } from "./noncentral-t";
import { pairedDifferences } from "./paired-differences";
import { summarise } from "./summary";

export interface EffectSizeOptions {
  /**
   * The share of intervals that hold the true effect.
   *
   * @default 0.95
   */
  readonly level?: number | undefined;
}

/** An effect size and its confidence interval. */
export interface EffectSize {
  /** The mean difference in standard deviations of the differences. */
  readonly d: number;
  /** The lower end of the interval. */
  readonly low: number;
  /** The upper end of the interval. */
  readonly high: number;
}

/** A larger d says that the differences are the same but for rounding. */
const largestEffect = 100;

const optionsSchema = z.strictObject({ level: z.number().gt(0).lt(1).default(0.95) });

/**
 * Cohen's d of pairs: the mean of first − second, divided by the standard deviation (n − 1) of the differences (d_z of Lakens
 * 2013). The interval is that of the noncentral t distribution (Cumming and Finch 2001), so that it excludes 0 if and only if
 * {@link pairedTTest} rejects at its level. It supposes normal differences.
 *
 * @throws InvalidDataError for samples of unequal length, fewer than two pairs, values that are not finite, or differences that
 *   are all the same.
 * @throws InvalidOptionsError
 * @example
 * const { d, low, high } = cohensD(matched.perUser["recall@20"], base.perUser["recall@20"]);
 */
export function cohensD(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: EffectSizeOptions = {},
): EffectSize {
  const { level } = parseOptions("cohensD", optionsSchema, options);
  const { count, mean, standardDeviation } = summarise(pairedDifferences("cohensD", first, second));
  const d = mean / standardDeviation;
  if (!(Math.abs(d) <= largestEffect)) {
    const actual = `differences that are all ${standardDeviation === 0 ? "" : "about "}${mean}`;
    const expected = `differences that vary, by at least a ${largestEffect}th of their mean`;
    throw new InvalidDataError({ source: "cohensD", actual, expected });
  }
  const root = Math.sqrt(count);
  const t = d * root;
  const tail = (1 - level) / 2;
  return {
    d,
    low: noncentrality(t, count - 1, 1 - tail) / root,
    high: noncentrality(t, count - 1, tail) / root,
  };
}

/** The noncentrality at which less than `t` has this probability. */
function noncentrality(t: number, degreesOfFreedom: number, probability: number): number {
  // The probability falls as the noncentrality rises.
  const rising = (value: number) => probability - noncentralTCdf(t, degreesOfFreedom, value);
  let reach = 1;
  while (rising(t - reach) > 0 || rising(t + reach) < 0) reach *= 2;
  return findRoot(rising, t - reach, t + reach);
}
