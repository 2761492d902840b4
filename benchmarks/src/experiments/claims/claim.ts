import type { Comparison } from "../comparison";
import type { RunRecord } from "../run-record";
import type { Records } from "../tables";

/** The verdict of runs on a claim. It is undecided if runs are missing or chance explains the difference. */
export type Verdict = "held" | "not held" | "undecided";

/** A claim of the paper with the verdict of the finished runs. */
export interface JudgedClaim {
  /** The place in the paper. */
  readonly source: string;
  readonly claim: string;
  readonly verdict: Verdict;
  /** The figures that the verdict rests on. */
  readonly statistic: string;
}

/** The ids of a variant and of what it is compared with. */
export type Pair = readonly [string, string];

/** A claim that the runs cannot decide. */
export const undecided = (source: string, claim: string, statistic: string): JudgedClaim => ({
  source,
  claim,
  verdict: "undecided",
  statistic,
});

/** Held if every seed agrees with the claim, not held if every one contradicts it. One seed decides nothing. */
export function unanimous(signs: readonly number[]): Verdict {
  if (signs.length < 2) return "undecided";
  return signs.every((sign) => sign > 0)
    ? "held"
    : signs.every((sign) => sign < 0)
      ? "not held"
      : "undecided";
}

/** The finished runs of a variant. */
export const runsOf = (records: Records, id: string): readonly RunRecord[] => records.get(id) ?? [];

/** Says which of some variants have no finished run. */
export const missing = (records: Records, ids: readonly string[]) =>
  `no finished run of ${ids.filter((id) => runsOf(records, id).length === 0).join(", ")}`;

/** A share as a percentage with its sign. */
export const percent = (share: number) => `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)}%`;

/** The runs of both variants of a pair. */
export const comparisonOf = (records: Records, [own, other]: Pair): Comparison => ({
  runs: runsOf(records, own),
  reference: runsOf(records, other),
});

/** The title of each strategy of the paper, by its name in the zoo. */
export const strategies = { godm: "DMRec-G", cpdm: "DMRec-C", mddm: "DMRec-M" } as const;
