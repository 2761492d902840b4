/**
 * The limits of a run: users, places for their items (what a run gathers then stays in the processor's caches), and scores
 * (64 MiB).
 */
export const largestRun = { users: 1 << 10, places: 1 << 12, scores: 1 << 24 };

/**
 * Groups requests into runs of similar length, because a run's rows are all as long as its longest. A request that
 * exceeds the limits has a run of its own.
 *
 * @param lengths Places that each request needs in its row.
 * @returns The requests of each run, by index.
 */
export function requestBatches(lengths: readonly number[], itemCount: number): number[][] {
  const largestUsers = Math.min(largestRun.users, Math.floor(largestRun.scores / itemCount));
  const batches: number[][] = [];
  let longest = 0;
  for (const index of [...lengths.keys()].sort((a, b) => lengths[b] - lengths[a])) {
    const batch = batches.at(-1);
    const fits = batch && batch.length < largestUsers && (batch.length + 1) * longest <= largestRun.places;
    if (fits) batch.push(index);
    else {
      batches.push([index]);
      longest = lengths[index];
    }
  }
  return batches;
}
