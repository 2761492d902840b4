import { bootstrapInterval } from "@dmrec/eval";
import { figureBase } from "../plan";
import { groupGains, type Records } from "../tables";
import { type JudgedClaim, missing, undecided } from "./claim";

/** Section 3.3.1, figure 3: DMRec-M helps users with few interactions. */
export function judgeSparsity(records: Records): JudgedClaim[] {
  const source = "3.3.1, figure 3";
  const claims = [
    "More than half of the users are in the sparsest group.",
    "DMRec-M gains in the sparsest group.",
    "DMRec-M is comparable to the base model in the densest group.",
  ] as const;
  const groups = groupGains(records);
  const [sparsest, densest] = [groups[0], groups.at(-1)];
  if (!sparsest || !densest || sparsest.gains.length < 2 || densest.gains.length < 2)
    return claims.map((claim) =>
      undecided(source, claim, missing(records, [`${figureBase}/mddm`, `${figureBase}/base`])),
    );
  const interval = (gains: readonly number[]) => bootstrapInterval(gains, { method: "percentile" });
  const [sparse, dense] = [interval(sparsest.gains), interval(densest.gains)];
  const shown = ({ estimate, low, high }: typeof sparse, users: number) =>
    `gain ${estimate.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] in Recall@20, ${users} users`;
  return [
    {
      source,
      claim: claims[0],
      verdict: sparsest.share > 0.5 ? "held" : "not held",
      statistic: `${(100 * sparsest.share).toFixed(0)}% have at most ${sparsest.upTo} interactions`,
    },
    {
      source,
      claim: claims[1],
      verdict: sparse.low > 0 ? "held" : sparse.high < 0 ? "not held" : "undecided",
      statistic: shown(sparse, sparsest.users),
    },
    {
      source,
      claim: claims[2],
      verdict: dense.low > 0 || dense.high < 0 ? "not held" : "held",
      statistic: `${shown(dense, densest.users)} with more than ${densest.above} interactions`,
    },
  ];
}
