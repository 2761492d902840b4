/**
 * Gini@k: the inequality with which the first k places are distributed over all items, from 0 (equally) towards 1 (all to one).
 *
 * Σ (2 i − n − 1) c_i / (n Σ c_i) over the counts c in ascending order; items that are never shown count too. 0 if
 * nothing is recommended.
 */
export function gini(rankings: readonly Int32Array[], itemCount: number, cutoff: number): number {
  const counts = new Float64Array(itemCount);
  for (const ranking of rankings) for (const item of ranking.subarray(0, cutoff)) counts[item] += 1;
  counts.sort();
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weighted = counts.reduce((sum, count, index) => sum + (2 * (index + 1) - itemCount - 1) * count, 0);
  return total === 0 ? 0 : weighted / (itemCount * total);
}
