import type { InteractionMatrix, RankingReport } from "@dmrec/core";
import { bootstrapIntervals, groupByActivity, holmCorrection, pairedTTest, summarise } from "@dmrec/eval";
import type { Bin, Gain, GroupFacts, Measured } from "./report-facts";

/** Groups of test users. */
const groupCount = 4;
const resamples = 1000;

/** Means by metric with their intervals of 95% over the same users, by percentiles of the bootstrap. One user has no interval. */
function measured(
  means: Readonly<Record<string, number>>,
  perUser: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Measured> {
  const samples = Object.keys(means).map((name) => perUser[name]);
  const intervals =
    samples.length === 0 || samples[0].length < 2
      ? undefined
      : bootstrapIntervals(samples, { method: "percentile", resamples });
  return Object.fromEntries(
    Object.entries(means).map(([name, mean], index) => {
      if (intervals === undefined) return [name, { mean }];
      const { low, high } = intervals[index];
      return [name, { mean, low, high }];
    }),
  );
}

/** The metrics of a report with their intervals. */
export function measuredMetrics({ perUser, metrics }: RankingReport): Record<string, Measured> {
  return measured(metrics, perUser);
}

/** The metrics of users with a similar number of training interactions. */
export function measuredGroups(report: RankingReport, train: InteractionMatrix): GroupFacts[] {
  const activity = Array.from(report.evaluatedUsers, (user) => train.offsets[user + 1] - train.offsets[user]);
  return groupByActivity(report, train, groupCount).map(({ least, most, users, metrics }) => {
    const isMember = (_: number, index: number) => activity[index] >= least && activity[index] <= most;
    const perUser = Object.entries(report.perUser).map(([name, values]) => [name, values.filter(isMember)]);
    return { least, most, users, metrics: measured(metrics, Object.fromEntries(perUser)) };
  });
}

/** The gains of reports over a first one, by metric. The tests of all of them are corrected together. */
export function measuredGains(
  first: RankingReport,
  others: readonly RankingReport[],
): Record<string, Gain>[] {
  const names = Object.keys(first.metrics);
  const tests = others.flatMap(({ perUser }) =>
    names.map((name) => pairedTTest(perUser[name], first.perUser[name]).pValue),
  );
  const pValues = holmCorrection(tests);
  return others.map(({ perUser, metrics }, other) => {
    const differences = Object.fromEntries(
      names.map((name) => [name, perUser[name].map((value, user) => value - first.perUser[name][user])]),
    );
    const means = Object.fromEntries(names.map((name) => [name, summarise(differences[name]).mean]));
    const gains = measured(means, differences);
    return Object.fromEntries(
      names.map((name, index) => {
        const base = first.metrics[name];
        const pValue = pValues[other * names.length + index];
        const share = base === 0 ? {} : { share: metrics[name] / base - 1 };
        return [name, { ...gains[name], ...share, pValue }];
      }),
    );
  });
}

/** Counts in bins that double: 0, 1, 2 to 3, 4 to 7, … */
export function doublingBins(counts: ArrayLike<number>): Bin[] {
  const bins: { least: number; most: number; count: number }[] = [];
  for (const value of Array.from(counts)) {
    const index = value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
    while (bins.length <= index) {
      const least = bins.length === 0 ? 0 : 2 ** (bins.length - 1);
      bins.push({ least, most: Math.max(2 * least - 1, 0), count: 0 });
    }
    bins[index].count += 1;
  }
  return bins.slice(bins.findIndex(({ count }) => count > 0));
}
