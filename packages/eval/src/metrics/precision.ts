import type { RankingMetric } from "./ranking-metric";

/** Precision@k: the share of the first k places that hold a relevant item. */
export const precision: RankingMetric = {
  name: "precision",
  perUser: ({ hits, cutoff }) => hits.length / cutoff,
};
