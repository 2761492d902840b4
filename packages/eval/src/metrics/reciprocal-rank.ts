import type { RankingMetric } from "./ranking-metric";

/** MRR@k: 1 / rank of the first relevant item, 0 without one among the first k (Voorhees, 1999). */
export const reciprocalRank: RankingMetric = {
  name: "mrr",
  perUser: ({ hits }) => (hits.length === 0 ? 0 : 1 / (hits[0] + 1)),
};

/**
 * The sum of 1 / rank over every hit in the first k, which the programs of the DMRec family report as MRR. It may
 * exceed 1. Use it to compare with their figures.
 */
export const summedReciprocalRank: RankingMetric = {
  name: "summed-mrr",
  perUser: ({ hits }) => hits.reduce((sum, rank) => sum + 1 / (rank + 1), 0),
};
