import { type Compared, compareAll } from "../comparison";
import { mainMetric, type Records } from "../tables";
import { comparisonOf, type JudgedClaim, missing, type Pair, percent, runsOf } from "./claim";

/** A claim that the first variant of a pair is better than the second. */
export interface BetterClaim {
  readonly source: string;
  readonly claim: string;
  readonly pair: Pair;
}

/**
 * Judges claims of one part of the paper together: their p-values are corrected for their number (Holm 1979). A claim is held if
 * both tests see a gain, and not held if both see a loss.
 */
export function judgeBetter(records: Records, claims: readonly BetterClaim[]): JudgedClaim[] {
  const judged = claims.filter(({ pair }) => isComplete(records, pair));
  const compared = compareAll(
    judged.map(({ pair }) => comparisonOf(records, pair)),
    mainMetric,
  );
  return claims.map((entry) => {
    const { source, claim, pair } = entry;
    const result = compared[judged.indexOf(entry)];
    if (!result) return { source, claim, verdict: "undecided", statistic: missing(records, pair) };
    const verdict = !result.isSignificant ? "undecided" : result.improvement > 0 ? "held" : "not held";
    return { source, claim, verdict, statistic: describe(result) };
  });
}

const isComplete = (records: Records, pair: Pair) => pair.every((id) => runsOf(records, id).length > 0);

/** The mean, the gain and the p-values of a comparison in words. */
export function describe({ mean, improvement, commonSeeds, overSeeds, overUsers }: Compared): string {
  const tests =
    commonSeeds < 2
      ? `p over users ${probability(overUsers)}, one seed`
      : `p over ${commonSeeds} seeds ${probability(overSeeds)}, over users ${probability(overUsers)}`;
  return `Recall@20 ${mean.toFixed(4)}, ${percent(improvement)}; ${tests}`;
}

const probability = (p: number) => (p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`);
