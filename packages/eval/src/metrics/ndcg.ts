import type { RankingMetric } from "./ranking-metric";

/**
 * NDCG@k with binary gains: Σ 1 / log₂(rank + 1) over the hits, relative to the list that has all relevant items first,
 * itself cut at min(k, |relevant|) (Järvelin and Kekäläinen, 2002).
 */
export const ndcg: RankingMetric = {
  name: "ndcg",
  perUser({ hits, relevantCount, cutoff }) {
    let ideal = 0;
    for (let rank = 0; rank < Math.min(cutoff, relevantCount); rank += 1) ideal += discount(rank);
    return hits.reduce((sum, rank) => sum + discount(rank), 0) / ideal;
  },
};

function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}
