import { InvalidDataError } from "@dmrec/core";
import { twoSidedStudentT } from "./student-t";
import { summarise } from "./summary";

/** The result of a paired t-test. */
export interface PairedTest {
  /** The mean of first − second. */
  readonly meanDifference: number;
  /** The statistic. ±∞ if all pairs differ by the same amount, 0 if none differs. */
  readonly t: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * Student's paired t-test of the difference between two models, from their values for the same users or seeds.
 *
 * @throws InvalidDataError for samples of unequal length or fewer than two pairs.
 * @example
 * pairedTTest(matched.perUser["recall@20"], base.perUser["recall@20"]).pValue;
 */
export function pairedTTest(first: ArrayLike<number>, second: ArrayLike<number>): PairedTest {
  if (first.length !== second.length || first.length < 2) {
    const actual = `samples of ${first.length} and ${second.length} values`;
    throw new InvalidDataError({
      source: "pairedTTest",
      actual,
      expected: "two samples of equal length, at least 2",
    });
  }
  const { count, mean, standardDeviation } = summarise(
    Array.from(first, (value, index) => value - second[index]),
  );
  const t = mean === 0 ? 0 : mean / (standardDeviation / Math.sqrt(count));
  return { meanDifference: mean, t, pValue: twoSidedStudentT(t, count - 1) };
}
