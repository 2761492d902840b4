import { InvalidDataError, type RankingReport, type SplitDataset } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { holmCorrection, pairedTTest } from "@dmrec/eval";

/** A metric of two models on the same users. */
export interface MetricComparison {
  readonly metric: string;
  readonly first: number;
  readonly second: number;
  /** The mean of first − second over users. */
  readonly difference: number;
  /** Two-sided, of a paired t-test over users, corrected for the number of metrics (Holm). */
  readonly pValue: number;
}

/** Compares the metrics of two reports on the same users. */
export function compareReports(first: RankingReport, second: RankingReport): MetricComparison[] {
  const metrics = Object.keys(first.metrics).filter((metric) => metric in second.metrics);
  const tests = metrics.map((metric) => pairedTTest(first.perUser[metric], second.perUser[metric]));
  const pValues = holmCorrection(tests.map(({ pValue }) => pValue));
  return metrics.map((metric, index) => ({
    metric,
    first: first.metrics[metric],
    second: second.metrics[metric],
    difference: tests[index].meanDifference,
    pValue: pValues[index],
  }));
}

/**
 * @throws InvalidDataError if two datasets differ in their parts, users or items, so that metrics on them are of different
 *   tasks. Embeddings may differ.
 */
export function assertSameTask(first: SplitDataset, second: SplitDataset): void {
  const task = ({ profileEmbeddings: _, ...data }: SplitDataset) =>
    JSON.stringify([fingerprint(data), data.userIds, data.itemIds]);
  if (task(first) === task(second)) return;
  throw new InvalidDataError({
    source: second.name,
    actual: "other users, items or parts than the data of the first run",
    expected: "two runs on the same data, split by the same flags and the same seed",
  });
}
