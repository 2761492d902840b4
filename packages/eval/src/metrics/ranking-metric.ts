/** The input of a metric: the ranked list of one user. */
export interface RankedUser {
  /** Zero-based ranks of relevant items below the cut-off, ascending. */
  readonly hits: readonly number[];
  /** The number of relevant items of the user, at least 1. */
  readonly relevantCount: number;
  /** The cut-off k. */
  readonly cutoff: number;
}

/**
 * A metric of a ranked list, from 0 to 1. It is a value: your own metric is a name and a function.
 *
 * @example
 * const firstHit: RankingMetric = { name: "first-hit", perUser: ({ hits }) => (hits[0] === 0 ? 1 : 0) };
 */
export interface RankingMetric {
  readonly name: string;
  perUser(user: RankedUser): number;
}
