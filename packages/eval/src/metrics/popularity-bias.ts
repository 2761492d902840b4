import { type InteractionMatrix, itemPopularity } from "@dmrec/core";

/**
 * Popularity bias@k: the excess popularity of recommended items over those in the training histories, as the mean
 * over users of (mean popularity of the first k / mean popularity of the history) − 1. 0 for lists as popular as the
 * histories (after Abdollahpouri et al., 2019).
 *
 * Popularity is the number of training interactions. Users without a history or ranking are left out. 0 if none is left.
 *
 * @param users The user of each ranking.
 */
export function popularityBias(
  rankings: readonly Int32Array[],
  users: Int32Array,
  train: InteractionMatrix,
  cutoff: number,
): number {
  const popularity = itemPopularity(train);
  const meanPopularity = (items: Int32Array) =>
    items.reduce((sum, item) => sum + popularity[item], 0) / items.length;
  let [sum, count] = [0, 0];
  rankings.forEach((ranking, index) => {
    const history = train.items.subarray(train.offsets[users[index]], train.offsets[users[index] + 1]);
    if (history.length === 0 || ranking.length === 0) return;
    sum += meanPopularity(ranking.subarray(0, cutoff)) / meanPopularity(history) - 1;
    count += 1;
  });
  return count === 0 ? 0 : sum / count;
}
