import type { InteractionMatrix, RankingReport } from "@dmrec/core";
import { bootstrapInterval, groupByActivity, holmCorrection, pairedTTest } from "@dmrec/eval";
import type { Bin, Gain, GroupFacts, Measured } from "./report-facts";

/** Groups of test users. */
const groupCount = 4;
const resamples = 1000;

/** The mean of values by user with its interval of 95%, by percentiles of the bootstrap. */
export function measured(values: ArrayLike<number>): Measured {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  if (list.length < 2) return { mean };
  const { low, high } = bootstrapInterval(list, { method: "percentile", resamples });
  return { mean, low, high };
}

/** The metrics of a report with their intervals. */
export function measuredMetrics({ perUser, metrics }: RankingReport): Record<string, Measured> {
  return Object.fromEntries(
    Object.entries(perUser).map(([name, values]) => [name, { ...measured(values), mean: metrics[name] }]),
  );
}

/** The metrics of users with a similar number of training interactions. */
export function measuredGroups(report: RankingReport, train: InteractionMatrix): GroupFacts[] {
  const activity = Array.from(report.evaluatedUsers, (user) => train.offsets[user + 1] - train.offsets[user]);
  return groupByActivity(report, train, groupCount).map(({ least, most, users, metrics }) => ({
    least,
    most,
    users,
    metrics: Object.fromEntries(
      Object.entries(report.perUser).map(([name, values]) => {
        const members = values.filter((_, index) => activity[index] >= least && activity[index] <= most);
        return [name, { ...measured(members), mean: metrics[name] }];
      }),
    ),
  }));
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
  return others.map(({ perUser, metrics }, other) =>
    Object.fromEntries(
      names.map((name, index) => {
        const base = first.metrics[name];
        const differences = perUser[name].map((value, user) => value - first.perUser[name][user]);
        const pValue = pValues[other * names.length + index];
        const share = base === 0 ? {} : { share: metrics[name] / base - 1 };
        return [name, { ...measured(differences), ...share, pValue }];
      }),
    ),
  );
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
