import { bootstrapInterval, summarise } from "@dmrec/eval";
import { type Comparison, compareAll, pairsBySeed, userGains } from "../comparison";
import { figureBase } from "../plan";
import { mainMetric, type Records } from "../tables";
import { describe, judgeBetter } from "./better";
import {
  comparisonOf,
  type JudgedClaim,
  missing,
  type Pair,
  percent,
  runsOf,
  strategies,
  undecided,
} from "./claim";

const source = "3.3.4, figure 6";
/** The largest difference, as a share of the base model's mean, that counts as none. */
const equivalence = 0.02;

/** Section 3.3.4, figure 6: what β does to each strategy. */
export function judgeSensitivity(records: Records): JudgedClaim[] {
  const base = `${figureBase}/base`;
  const worst = "With a β of 0, DMRec-M is worse than the base model.";
  return [
    risesFromZero(records, "godm"),
    risesFromZero(records, "cpdm"),
    ...judgeBetter(records, [{ source, claim: worst, pair: [base, withBeta("mddm", 0)] }]),
    equals(records, "With a β of 1, DMRec-M is the base model again.", [withBeta("mddm", 1), base]),
  ];
}

const withBeta = (name: string, beta: number) => `${figureBase}/${name}/β-${beta}`;

/** Held if the best β is better than 0. All values of β are tested, and corrected for their number. */
function risesFromZero(records: Records, name: "godm" | "cpdm"): JudgedClaim {
  const claim = `${strategies[name]} becomes better as β grows from 0.`;
  const prefix = `${figureBase}/${name}/β-`;
  const zero = `${prefix}0`;
  const ids = [...records.keys()].filter((id) => id.startsWith(prefix) && id !== zero);
  if (ids.length === 0 || runsOf(records, zero).length === 0)
    return undecided(source, claim, `no finished runs of several β of ${name}`);
  const compared = compareAll(
    ids.map((id) => comparisonOf(records, [id, zero])),
    mainMetric,
  );
  const best = compared.reduce((top, row, index) => (row.mean > compared[top].mean ? index : top), 0);
  const { isSignificant, improvement } = compared[best];
  return {
    source,
    claim,
    verdict: !isSignificant ? "undecided" : improvement > 0 ? "held" : "not held",
    statistic: `best β ${ids[best].slice(prefix.length)}: ${describe(compared[best])} beside β 0`,
  };
}

/** Held if the interval of users' differences lies within the equivalence, not held if both tests see a difference. */
function equals(records: Records, claim: string, pair: Pair): JudgedClaim {
  const comparison = comparisonOf(records, pair);
  if (pairsBySeed(comparison).length === 0) return undecided(source, claim, missing(records, pair));
  const [result] = compareAll([comparison], mainMetric);
  const { low, high } = gainInterval(comparison);
  const isWithin = low > -equivalence && high < equivalence;
  return {
    source,
    claim,
    verdict: isWithin ? "held" : result.isSignificant ? "not held" : "undecided",
    statistic: `${describe(result)}; interval over users ${percent(low)} to ${percent(high)}, none is ± ${100 * equivalence}%`,
  };
}

/** The interval of 95% of the mean gain over users, as a share of the reference's mean, over common seeds. */
function gainInterval(comparison: Comparison): { readonly low: number; readonly high: number } {
  const gains = userGains(comparison, mainMetric);
  const { mean } = summarise(pairsBySeed(comparison).map(({ other }) => other.metrics[mainMetric]));
  if (gains.length < 2 || mean === 0)
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const { low, high } = bootstrapInterval(gains, { method: "percentile" });
  return { low: low / mean, high: high / mean };
}
