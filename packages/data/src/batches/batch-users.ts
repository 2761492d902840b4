import { parseOptions, type RandomGenerator } from "@dmrec/core";
import { z } from "zod";

const sizesSchema = z.strictObject({ userCount: z.int().nonnegative(), batchSize: z.int().positive() });

export interface BatchUsersOptions extends z.input<typeof sizesSchema> {
  /** Shuffles the users; without it they come in order. */
  readonly random?: RandomGenerator;
}

/**
 * All users in batches of indices; the last one may be smaller.
 *
 * @throws InvalidOptionsError
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
