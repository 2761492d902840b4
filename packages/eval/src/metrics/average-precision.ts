import type { RankingMetric } from "./ranking-metric";

/** MAP@k: the mean of the precisions at the hits, relative to min(k, |relevant|) of them. */
export const averagePrecision: RankingMetric = {
  name: "map",
  perUser({ hits, relevantCount, cutoff }) {
    const sum = hits.reduce((total, rank, earlier) => total + (earlier + 1) / (rank + 1), 0);
    return sum / Math.min(cutoff, relevantCount);
  },
};
