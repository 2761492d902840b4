import type { InteractionMatrix, RankingReport } from "@dmrec/core";
import { coverage } from "./coverage";
import { gini } from "./gini";
import { popularityBias } from "./popularity-bias";

/**
 * Coverage, Gini index and popularity bias of a report's rankings at some cut-offs, by `<metric>@<cut-off>`.
 *
 * The cut-offs must not exceed the largest one of the report.
 *
 * @example
 * beyondAccuracy(report, data.train, [20])["coverage@20"];
 */
export function beyondAccuracy(
  { rankings, evaluatedUsers }: RankingReport,
  train: InteractionMatrix,
  cutoffs: readonly number[],
): Record<string, number> {
  const metrics = cutoffs.flatMap((cutoff): [string, number][] => [
    [`coverage@${cutoff}`, coverage(rankings, train.itemCount, cutoff)],
    [`gini@${cutoff}`, gini(rankings, train.itemCount, cutoff)],
    [`popularity-bias@${cutoff}`, popularityBias(rankings, evaluatedUsers, train, cutoff)],
  ]);
  return Object.fromEntries(metrics);
}
