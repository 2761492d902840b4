import type { RankingMetric } from "./ranking-metric";

/** Recall@k: the share of the user's relevant items among the first k. */
export const recall: RankingMetric = {
  name: "recall",
  perUser: ({ hits, relevantCount }) => hits.length / relevantCount,
};
