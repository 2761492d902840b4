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
  /** The number of seeds for which both the variant and its reference have a run. Both tests use the runs of these seeds only. */
  readonly commonSeeds: number;
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
  const paired = comparisons.map(pairsBySeed);
  const seedTests = holmCorrection(paired.map((pairs) => seedTest(pairs, metric)));
  const userTests = holmCorrection(
    paired.map((pairs) => {
      const { own, other } = userMeansOf(pairs, metric);
      return own.length < 2 || own.length !== other.length ? 1 : wilcoxonTest(own, other).pValue;
    }),
  );
  return comparisons.map(({ runs, reference }, index) => {
    const own = summarise(runs.map(({ metrics }) => metrics[metric]));
    const other = summarise(reference.map(({ metrics }) => metrics[metric]));
    return {
      mean: own.mean,
      standardDeviation: own.standardDeviation,
      seeds: own.count,
      commonSeeds: paired[index].length,
      improvement: other.mean === 0 ? 0 : own.mean / other.mean - 1,
      overSeeds: seedTests[index],
      overUsers: userTests[index],
      isSignificant: seedTests[index] < level && userTests[index] < level,
    };
  });
}

/** The runs of one seed, of a variant and of its reference. */
export interface SeedPair {
  readonly run: RunRecord;
  readonly other: RunRecord;
}

/** The runs of the seeds that a variant and its reference share. */
export function pairsBySeed({ runs, reference }: Comparison): SeedPair[] {
  return runs.flatMap((run) => {
    const other = reference.find(({ seed }) => seed === run.seed);
    return other ? [{ run, other }] : [];
  });
}

function seedTest(pairs: readonly SeedPair[], metric: string): number {
  if (pairs.length < 2) return 1;
  const values = (run: RunRecord) => run.metrics[metric];
  return pairedTTest(
    pairs.map(({ run }) => values(run)),
    pairs.map(({ other }) => values(other)),
  ).pValue;
}

/** The means of each user's values over the seeds that both share, in the order of users. */
function userMeansOf(pairs: readonly SeedPair[], metric: string) {
  return {
    own: userMeans(
      pairs.map(({ run }) => run),
      metric,
    ),
    other: userMeans(
      pairs.map(({ other }) => other),
      metric,
    ),
  };
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

/** The gain of each user over the reference, a mean over common seeds, in the order of users. */
export function userGains(comparison: Comparison, metric: string): Float64Array {
  const { own, other } = userMeansOf(pairsBySeed(comparison), metric);
  return own.map((value, user) => value - other[user]);
}

/** Cohen's d over users, of their means over common seeds. Undefined if their differences do not vary. */
export function effectOverUsers(comparison: Comparison, metric: string): EffectSize | undefined {
  const pairs = pairsBySeed(comparison);
  if (pairs.length === 0) return undefined;
  const { own, other } = userMeansOf(pairs, metric);
  try {
    return cohensD(own, other);
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
  const all = userGains(comparison, metric);
  const activity = pairsBySeed(comparison)[0]?.run.userActivity ?? [];
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
      gains: members.map((user) => all[user]),
    };
  });
}
