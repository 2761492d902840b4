import { summarise } from "@dmrec/eval";
import { pairsBySeed } from "../comparison";
import { efficiencyBase } from "../plan";
import type { Records } from "../tables";
import { comparisonOf, type JudgedClaim, missing, percent, unanimous, undecided } from "./claim";

/** The largest growth of the time of an epoch that counts as slight. */
const slightGrowth = 0.25;

/** Section 3.2.1, figure 2: DMRec-M needs fewer epochs, and little more time for each. */
export function judgeEfficiency(records: Records): JudgedClaim[] {
  const source = "3.2.1, figure 2";
  const ids = [`${efficiencyBase}/mddm`, `${efficiencyBase}/base`] as const;
  const fewer = "DMRec-M reaches the best of CVGA in fewer epochs.";
  const slight = `An epoch of DMRec-M takes only slightly longer than one of CVGA (at most ${percent(slightGrowth)}).`;
  const pairs = pairsBySeed(comparisonOf(records, ids)).map(({ run, other }) => {
    const target = Math.max(...other.curve.map(({ recall }) => recall));
    return {
      // Undefined if it never reaches it.
      epochs: run.curve.find(({ recall }) => recall >= target)?.epoch,
      baseEpochs: other.bestEpoch,
      growth: run.secondsPerEpoch / other.secondsPerEpoch - 1,
    };
  });
  if (pairs.length === 0)
    return [fewer, slight].map((claim) => undecided(source, claim, missing(records, ids)));
  const growth = summarise(pairs.map(({ growth }) => growth)).mean;
  const epochs = pairs.map(({ epochs, baseEpochs }) => `${epochs ?? "none"} instead of ${baseEpochs}`);
  return [
    {
      source,
      claim: fewer,
      verdict: unanimous(
        pairs.map(({ epochs = Number.POSITIVE_INFINITY, baseEpochs }) => Math.sign(baseEpochs - epochs)),
      ),
      statistic: `epoch ${epochs.join(", ")} (by seed)`,
    },
    {
      source,
      claim: slight,
      verdict: pairs.length < 2 ? "undecided" : growth <= slightGrowth ? "held" : "not held",
      statistic: `${percent(growth)} on this machine, mean of ${pairs.length} seeds`,
    },
  ];
}
