/** Coverage@k: the share of all items that are in the first k of at least one user, from 0 to 1. */
export function coverage(rankings: readonly Int32Array[], itemCount: number, cutoff: number): number {
  const recommended = new Set<number>();
  for (const ranking of rankings) for (const item of ranking.subarray(0, cutoff)) recommended.add(item);
  return recommended.size / itemCount;
}
