import { type InteractionMatrix, invalidOption, type RankingReport } from "@dmrec/core";
import { coverage } from "./coverage";
import { gini } from "./gini";
import { popularityBias } from "./popularity-bias";

/**
 * Coverage, Gini index and popularity bias of a report's rankings at some cut-offs, by `<metric>@<cut-off>`.
 *
 * @throws InvalidOptionsError for a cut-off that is no positive integer or exceeds the largest one of the report.
 * @example
 * beyondAccuracy(report, data.train, [20])["coverage@20"];
 */
export function beyondAccuracy(
  report: RankingReport,
  train: InteractionMatrix,
  cutoffs: readonly number[],
): Record<string, number> {
  const { rankings, evaluatedUsers } = report;
  assertCutoffs(cutoffs, largestCutoff(report));
  const metrics = cutoffs.flatMap((cutoff): [string, number][] => [
    [`coverage@${cutoff}`, coverage(rankings, train.itemCount, cutoff)],
    [`gini@${cutoff}`, gini(rankings, train.itemCount, cutoff)],
    [`popularity-bias@${cutoff}`, popularityBias(rankings, evaluatedUsers, train, cutoff)],
  ]);
  return Object.fromEntries(metrics);
}

/** The largest cut-off of a report. Rankings are shorter than it if fewer items are unseen. */
function largestCutoff({ rankings, metrics }: RankingReport): number {
  const cutoffs = Object.keys(metrics).map((name) => Number(name.slice(name.lastIndexOf("@") + 1)));
  const lengths = rankings.map(({ length }) => length);
  return [...cutoffs, ...lengths].reduce((most, value) => Math.max(most, value), 0);
}

function assertCutoffs(cutoffs: readonly number[], largest: number): void {
  for (const cutoff of cutoffs) {
    if (Number.isInteger(cutoff) && cutoff > 0 && cutoff <= largest) continue;
    const expected = `positive integers up to ${largest}, the largest cut-off of the report`;
    throw invalidOption("beyondAccuracy.cutoffs", `${cutoff}; expected ${expected}`);
  }
}
