import type { PairBatch, UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * A batch of users by their items, each of weight 1.
 *
 * @param options The users' indices, and profile embeddings of the rows. Default: users 0, 1, 2 …, no embeddings.
 */
export function userBatch(
  itemCount: number,
  itemsOfUsers: readonly (readonly number[])[],
  {
    users = itemsOfUsers.map((_, row) => row),
    profileEmbeddings,
  }: {
    readonly users?: readonly number[] | "unknown";
    readonly profileEmbeddings?: readonly (readonly number[])[];
  } = {},
): UserBatch {
  const rows = itemsOfUsers.flatMap((items, row) => items.map(() => row));
  return {
    userCount: itemsOfUsers.length,
    itemCount,
    rows: tf.tensor1d(rows, "int32"),
    items: tf.tensor1d(itemsOfUsers.flat(), "int32"),
    weights: tf.ones([rows.length]),
    ...(users !== "unknown" && { users: tf.tensor1d([...users], "int32") }),
    ...(profileEmbeddings && { profileEmbeddings: tf.tensor2d(profileEmbeddings.map((row) => [...row])) }),
  };
}

/** A batch of pairs: for each a user, an item of theirs, and items that they have not interacted with. */
export function pairBatch(
  itemCount: number,
  pairs: readonly {
    readonly user: number;
    readonly positive: number;
    readonly negatives: readonly number[];
  }[],
): PairBatch {
  return {
    pairCount: pairs.length,
    itemCount,
    users: tf.tensor1d(
      pairs.map(({ user }) => user),
      "int32",
    ),
    positives: tf.tensor1d(
      pairs.map(({ positive }) => positive),
      "int32",
    ),
    negatives: tf.tensor2d(
      pairs.map(({ negatives }) => [...negatives]),
      [pairs.length, pairs[0]?.negatives.length ?? 1],
      "int32",
    ),
  };
}
