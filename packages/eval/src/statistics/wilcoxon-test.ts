import { pairedDifferences } from "./paired-differences";
import { normalCdf } from "./standard-normal";

/** The result of a Wilcoxon signed-rank test. */
export interface WilcoxonTest {
  /** The smaller of the two sums of ranks: of the positive and of the negative differences. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** The number of pairs that differ. */
  readonly count: number;
  /** The way in which the p-value was computed. */
  readonly method: "exact" | "normal";
}

/**
 * Wilcoxon's signed-rank test of the difference between two models, from their values for the same users or seeds. Unlike
 * {@link pairedTTest}, it does not suppose normal differences.
 *
 * Pairs that do not differ are left out (Wilcoxon 1945). The p-value is exact for up to 50 pairs if no two differences are equal
 * in size and none is 0, and for up to 13 pairs always. Otherwise it is the normal approximation with a correction for ties,
 * as in SciPy.
 *
 * @throws InvalidDataError for samples of unequal length, fewer than two pairs, or values that are not finite.
 * @example
 * wilcoxonTest(matched.perUser["recall@20"], base.perUser["recall@20"]).pValue;
 */
export function wilcoxonTest(first: ArrayLike<number>, second: ArrayLike<number>): WilcoxonTest {
  const all = pairedDifferences("wilcoxonTest", first, second);
  const differences = all.filter((difference) => difference !== 0);
  const count = differences.length;
  if (count === 0) return { statistic: 0, pValue: 1, count, method: "exact" };
  const { ranks, ties } = rank(differences.map(Math.abs));
  const positive = ranks.reduce((sum, own, index) => (differences[index] > 0 ? sum + own : sum), 0);
  const statistic = Math.min(positive, (count * (count + 1)) / 2 - positive);
  const isPlain = ties.length === 0 && count === all.length;
  return all.length <= (isPlain ? 50 : 13)
    ? { statistic, pValue: exactPValue(statistic, ranks), count, method: "exact" }
    : { statistic, pValue: normalPValue(statistic, count, ties), count, method: "normal" };
}

/** The ranks of some sizes from 1, the mean rank for equal ones, and the number of sizes in each group of equal ones. */
function rank(sizes: readonly number[]): { readonly ranks: number[]; readonly ties: readonly number[] } {
  const order = [...sizes.keys()].sort((a, b) => sizes[a] - sizes[b]);
  const ranks = new Array<number>(sizes.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && sizes[order[end]] === sizes[order[start]]) end += 1;
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

/** Twice the share of all choices of signs for which the positive ranks sum to at most the statistic. */
function exactPValue(statistic: number, ranks: readonly number[]): number {
  // Twice a rank is an integer. Index s: the share of choices whose positive ranks sum to s / 2.
  const largest = ranks.length * (ranks.length + 1);
  const shares = new Float64Array(largest + 1);
  shares[0] = 1;
  for (const own of ranks) {
    for (let sum = largest; sum >= 0; sum -= 1)
      shares[sum] = (shares[sum] + (sum < 2 * own ? 0 : shares[sum - 2 * own])) / 2;
  }
  return Math.min(1, 2 * shares.subarray(0, 2 * statistic + 1).reduce((sum, share) => sum + share, 0));
}

function normalPValue(statistic: number, count: number, ties: readonly number[]): number {
  const mean = (count * (count + 1)) / 4;
  const tieCorrection = ties.reduce((sum, size) => sum + size ** 3 - size, 0) / 48;
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - tieCorrection;
  return 2 * normalCdf((statistic - mean) / Math.sqrt(variance));
}
