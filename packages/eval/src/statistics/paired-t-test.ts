import { pairedDifferences } from "./paired-differences";
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
 * @throws InvalidDataError for samples of unequal length, fewer than two pairs, or values that are not finite.
 * @example
 * pairedTTest(matched.perUser["recall@20"], base.perUser["recall@20"]).pValue;
 */
export function pairedTTest(first: ArrayLike<number>, second: ArrayLike<number>): PairedTest {
  const differences = pairedDifferences("pairedTTest", first, second);
  const { count, mean, standardDeviation } = summarise(differences);
  const t = mean === 0 ? 0 : mean / (standardDeviation / Math.sqrt(count));
  return { meanDifference: mean, t, pValue: twoSidedStudentT(t, count - 1) };
}
