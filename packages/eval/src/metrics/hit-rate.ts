import type { RankingMetric } from "./ranking-metric";

/** Hit rate@k: 1 for a user with a relevant item among the first k, 0 for others. */
export const hitRate: RankingMetric = {
  name: "hit-rate",
  perUser: ({ hits }) => (hits.length > 0 ? 1 : 0),
};
