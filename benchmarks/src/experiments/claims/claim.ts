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

/** The runs of the seeds that two variants share. */
export function pairsBySeed(
  records: Records,
  [own, other]: readonly [string, string],
): { readonly run: RunRecord; readonly other: RunRecord }[] {
  return runsOf(records, own).flatMap((run) => {
    const partner = runsOf(records, other).find(({ seed }) => seed === run.seed);
    return partner ? [{ run, other: partner }] : [];
  });
}

/** The title of each strategy of the paper, by its name in the zoo. */
export const strategies = { godm: "DMRec-G", cpdm: "DMRec-C", mddm: "DMRec-M" } as const;
