import type { PairBatch, PairRows, TrainingInteractions, UserBatch, UserRows } from "@dmrec/core";
import { pairTensors, userTensors } from "../batch-tensors";

/** A user's interactions: items, each with weight 1 or the weight given. A weight of 0 is padding. */
export type InteractionList = readonly (number | { readonly item: number; readonly weight: number })[];

export interface UserRowsOptions {
  /** The index of each row's user; `unknown` for users who are not in the dataset. Default: 0, 1, 2 … */
  readonly users?: readonly number[] | "unknown";
  /** The profile embedding of each row. Default: none. */
  readonly profileEmbeddings?: readonly (readonly number[])[] | undefined;
}

/** A pair of items of a user: one that they have, and some that they do not have. */
export interface Pair {
  readonly user: number;
  readonly positive: number;
  readonly negatives: readonly number[];
}

/**
 * A batch of users, as tensors.
 *
 * @example
 * const batch = userBatch(5, [[0, 3], [{ item: 4, weight: 2 }], []]);
 */
export function userBatch(
  itemCount: number,
  interactions: readonly InteractionList[],
  options?: UserRowsOptions,
): UserBatch {
  return userTensors(userRows(itemCount, interactions, options));
}

/** Users with their interactions, as host arrays. */
export function userRows(
  itemCount: number,
  interactions: readonly InteractionList[],
  { users = [...interactions.keys()], profileEmbeddings }: UserRowsOptions = {},
): UserRows {
  const entries = interactions.flatMap((list, row) =>
    list.map((entry) => ({ row, ...(typeof entry === "number" ? { item: entry, weight: 1 } : entry) })),
  );
  return {
    itemCount,
    rowCount: interactions.length,
    users: users === "unknown" ? undefined : Int32Array.from(users),
    rows: Int32Array.from(entries, ({ row }) => row),
    items: Int32Array.from(entries, ({ item }) => item),
    weights: Float32Array.from(entries, ({ weight }) => weight),
    profileEmbeddings: profileEmbeddings && {
      rowCount: profileEmbeddings.length,
      columnCount: profileEmbeddings[0]?.length ?? 0,
      values: Float32Array.from(profileEmbeddings.flat()),
    },
  };
}

/**
 * A batch of pairs, as tensors.
 *
 * @example
 * const batch = pairBatch(5, [{ user: 0, positive: 3, negatives: [1] }]);
 */
export function pairBatch(itemCount: number, pairs: readonly Pair[]): PairBatch {
  return pairTensors(pairRows(itemCount, pairs));
}

/** Pairs, as host arrays. */
export function pairRows(itemCount: number, pairs: readonly Pair[]): PairRows {
  return {
    itemCount,
    users: Int32Array.from(pairs, ({ user }) => user),
    positives: Int32Array.from(pairs, ({ positive }) => positive),
    negatives: Int32Array.from(pairs.flatMap(({ negatives }) => negatives)),
  };
}

/**
 * The training part of a small dataset.
 *
 * @param interactions The interactions of each user, with distinct items in ascending order.
 * @example
 * const model = cvga({ interactions: trainingInteractions(5, [[0, 3], [0, 1, 2]]) });
 */
export function trainingInteractions(
  itemCount: number,
  interactions: readonly InteractionList[],
): TrainingInteractions {
  const { rows, items, weights } = userRows(itemCount, interactions);
  const offsets = new Int32Array(interactions.length + 1);
  for (const row of rows) offsets[row + 1] += 1;
  for (let user = 0; user < interactions.length; user += 1) offsets[user + 1] += offsets[user];
  return { part: "train", userCount: interactions.length, itemCount, offsets, items, weights };
}
