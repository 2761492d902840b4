/**
 * What a run has at most: users, places for what is known of them, which keep what a run gathers in the caches, and scores,
 * 64 MiB of them.
 */
export const largestRun = { users: 1 << 10, places: 1 << 12, scores: 1 << 24 };

/**
 * Requests in runs of similar length, since a run's rows are all as long as its longest. One that is too large for a run
 * has its own.
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
