/** One user's ranked list as a metric sees it. */
export interface RankedUser {
  /** Zero-based ranks, ascending, at which relevant items stand; only ranks below the cut-off. */
  readonly hits: readonly number[];
  /** How many relevant items the user has; at least 1. */
  readonly relevantCount: number;
  /** The cut-off k. */
  readonly cutoff: number;
}

/** A metric of a ranked list, from 0 to 1: a value, so that a new one is a name and a function. */
export interface RankingMetric {
  readonly name: string;
  perUser(user: RankedUser): number;
}
