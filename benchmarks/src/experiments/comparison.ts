import { InvalidDataError } from "@dmrec/core";
import { cohensD, type EffectSize, holmCorrection, pairedTTest, summarise, wilcoxonTest } from "@dmrec/eval";
import type { RunRecord } from "./run-record";

/** The level of every test, after the correction. */
export const level = 0.05;

/** A variant beside its reference, on one metric. */
export interface Compared {
  readonly mean: number;
  readonly standardDeviation: number;
  readonly seeds: number;
  /** The difference of means, as a share of the reference's. */
  readonly improvement: number;
  /** The p-value of the paired t-test over common seeds, corrected after Holm; 1 if there are fewer than two common seeds. */
  readonly overSeeds: number;
  /** The p-value of Wilcoxon's test over users, of their means over the common seeds, corrected after Holm. */
  readonly overUsers: number;
  /** True if both tests reject: each by itself takes chance among users, or among seeds, for a difference. */
  readonly isSignificant: boolean;
}

/** The runs of a variant, and those of what it is compared with. */
export interface Comparison {
  readonly runs: readonly RunRecord[];
  readonly reference: readonly RunRecord[];
}

/** Compares variants on a metric. The p-values of all of them are corrected together (Holm 1979). */
export function compareAll(comparisons: readonly Comparison[], metric: string): Compared[] {
  const pairs = comparisons.map(({ runs, reference }) => pairBySeed(runs, reference));
  const seedTests = holmCorrection(pairs.map((pair) => seedTest(pair, metric)));
  const userValues = pairs.map(({ first, second }) => ({
    first: userMeans(first, metric),
    second: userMeans(second, metric),
  }));
  const userTests = holmCorrection(
    userValues.map(({ first, second }) =>
      first.length < 2 || first.length !== second.length ? 1 : wilcoxonTest(first, second).pValue,
    ),
  );
  return comparisons.map(({ runs, reference }, index) => {
    const own = summarise(runs.map(({ metrics }) => metrics[metric]));
    const other = summarise(reference.map(({ metrics }) => metrics[metric]));
    return {
      mean: own.mean,
      standardDeviation: own.standardDeviation,
      seeds: own.count,
      improvement: other.mean === 0 ? 0 : own.mean / other.mean - 1,
      overSeeds: seedTests[index],
      overUsers: userTests[index],
      isSignificant: seedTests[index] < level && userTests[index] < level,
    };
  });
}

interface Pairs {
  readonly first: readonly RunRecord[];
  readonly second: readonly RunRecord[];
}

function pairBySeed(runs: readonly RunRecord[], reference: readonly RunRecord[]): Pairs {
  const pairs = runs.flatMap((run) => {
    const other = reference.find(({ seed }) => seed === run.seed);
    return other ? [{ run, other }] : [];
  });
  return { first: pairs.map(({ run }) => run), second: pairs.map(({ other }) => other) };
}

function seedTest({ first, second }: Pairs, metric: string): number {
  if (first.length < 2) return 1;
  const values = (runs: readonly RunRecord[]) => runs.map(({ metrics }) => metrics[metric]);
  return pairedTTest(values(first), values(second)).pValue;
}

/** The mean of each user's values over runs, in the order of users. */
function userMeans(runs: readonly RunRecord[], metric: string): Float64Array {
  const [first] = runs;
  if (!first) return new Float64Array(0);
  const means = new Float64Array(first.userActivity.length);
  for (const { perUser } of runs)
    perUser[metric].forEach((value, user) => {
      means[user] += value / runs.length;
    });
  return means;
}

/** Cohen's d over users, of their means over common seeds. Undefined if their differences do not vary. */
export function effectOverUsers({ runs, reference }: Comparison, metric: string): EffectSize | undefined {
  const { first, second } = pairBySeed(runs, reference);
  if (first.length === 0) return undefined;
  try {
    return cohensD(userMeans(first, metric), userMeans(second, metric));
  } catch (error) {
    if (InvalidDataError.isInstance(error)) return undefined;
    throw error;
  }
}

/** Users with a similar number of training interactions, and what a variant gains for them. */
export interface GroupGain {
  /** The bounds of the number of interactions: more than `above`, and at most `upTo`. */
  readonly above: number;
  readonly upTo: number;
  readonly users: number;
  /** The share of all evaluated users. */
  readonly share: number;
  /** The gain of each user of the group, a mean over seeds. */
  readonly gains: readonly number[];
}

/**
 * The gain by four groups of activity, of equal width up to the 95th percentile of the number of interactions (Zhang et al.
 * 2025, section 3.3.1). Most users are in the sparsest group of data whose activity follows a power law.
 */
export function gainByGroup(comparison: Comparison, metric: string): GroupGain[] {
  const { first, second } = pairBySeed(comparison.runs, comparison.reference);
  const [own, other] = [userMeans(first, metric), userMeans(second, metric)];
  const activity = first[0]?.userActivity ?? [];
  const many = [...activity].sort((a, b) => a - b)[Math.floor(0.95 * (activity.length - 1))] ?? 0;
  const bounds = [0, ...[0.25, 0.5, 0.75].map((share) => Math.ceil(share * many)), Number.POSITIVE_INFINITY];
  return bounds.slice(1).map((upTo, group) => {
    const above = group === 0 ? -1 : bounds[group];
    const members = activity.flatMap((count, user) => (count > above && count <= upTo ? [user] : []));
    return {
      above: Math.max(above, 0),
      upTo,
      users: members.length,
      share: members.length / activity.length,
      gains: members.map((user) => own[user] - other[user]),
    };
  });
}
