import type { RankingMetric } from "./ranking-metric";

/** Hit rate@k: 1 for a user with any relevant item among the first k. */
export const hitRate: RankingMetric = {
  name: "hit-rate",
  perUser: ({ hits }) => (hits.length > 0 ? 1 : 0),
};
