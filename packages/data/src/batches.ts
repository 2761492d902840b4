import type { RandomGenerator } from "@dmrec/core";

export interface UserBatchesOptions {
  readonly userCount: number;
  readonly batchSize: number;
  /** Shuffles the users; without it they come in order. */
  readonly random?: RandomGenerator;
}

/** All users in batches; the last one may be smaller. */
export function* userBatches({ userCount, batchSize, random }: UserBatchesOptions): Generator<Int32Array> {
  const users = Int32Array.from({ length: userCount }, (_, user) => user);
  random?.shuffle(users);
  for (let start = 0; start < userCount; start += batchSize) yield users.slice(start, start + batchSize);
}
