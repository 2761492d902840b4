import { parseOptions, type RandomGenerator } from "@dmrec/core";
import { z } from "zod";

const sizesSchema = z.strictObject({ userCount: z.int().nonnegative(), batchSize: z.int().positive() });

export interface BatchUsersOptions {
  readonly userCount: number;
  /** Users in a batch; the last batch may be smaller. */
  readonly batchSize: number;
  /**
   * The generator that shuffles the users.
   *
   * @default users in order
   */
  readonly random?: RandomGenerator;
}

/**
 * All users in batches of indices.
 *
 * @throws InvalidOptionsError
 * @example
 * for (const users of batchUsers({ userCount: data.userCount, batchSize: 1024, random })) {
 *   const rows = gatherRows(data.train, users);
 * }
 */
export function batchUsers({ random, ...sizes }: BatchUsersOptions): Generator<Int32Array> {
  const { userCount, batchSize } = parseOptions("batchUsers", sizesSchema, sizes);
  const users = Int32Array.from({ length: userCount }, (_, user) => user);
  random?.shuffle(users);
  return slices(users, batchSize);
}

function* slices(users: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < users.length; start += size) yield users.slice(start, start + size);
}
