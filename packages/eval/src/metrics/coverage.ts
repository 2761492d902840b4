/** Coverage@k: the share of the catalogue that is among anybody's first k, from 0 to 1. */
export function coverage(rankings: readonly Int32Array[], itemCount: number, cutoff: number): number {
  const recommended = new Set<number>();
  for (const ranking of rankings) for (const item of ranking.subarray(0, cutoff)) recommended.add(item);
  return recommended.size / itemCount;
}
