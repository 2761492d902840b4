import type {
  DenseMatrix,
  ExampleBatch,
  ExampleRows,
  PairBatch,
  PairRows,
  TrainingInteractions,
  UserBatch,
  UserRows,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** A user's interactions: items, each with weight 1 or the weight given. */
export type InteractionList = readonly (number | { readonly item: number; readonly weight: number })[];

export interface UserRowsOptions {
  readonly itemCount: number;
  /** The interactions of each row. A weight of 0 is padding. */
  readonly interactions: readonly InteractionList[];
  /**
   * The index of each row's user, or `none` for users who are not in the dataset.
   *
   * @default [0, 1, 2, …]
   */
  readonly users?: readonly number[] | "none" | undefined;
  /** The profile embedding of each row. Default: the batch has none. */
  readonly profileEmbeddings?: readonly (readonly number[])[] | undefined;
}

/** Users with their interactions, as host arrays. */
export function userRows({
  itemCount,
  interactions,
  users = [...interactions.keys()],
  profileEmbeddings,
}: UserRowsOptions): UserRows {
  const entries = interactions.flatMap((list, row) =>
    list.map((entry) => ({ row, ...(typeof entry === "number" ? { item: entry, weight: 1 } : entry) })),
  );
  return {
    itemCount,
    rowCount: interactions.length,
    users: users === "none" ? undefined : Int32Array.from(users),
    rows: Int32Array.from(entries, ({ row }) => row),
    items: Int32Array.from(entries, ({ item }) => item),
    weights: Float32Array.from(entries, ({ weight }) => weight),
    profileEmbeddings: profileEmbeddings && denseMatrix(profileEmbeddings),
  };
}

/**
 * A batch of users, as tensors.
 *
 * @example
 * const batch = userBatch({ itemCount: 5, interactions: [[0, 3], [{ item: 4, weight: 2 }], []] });
 */
export function userBatch(options: UserRowsOptions): UserBatch {
  return toUserBatch(userRows(options));
}

export interface PairRowsOptions {
  readonly itemCount: number;
  readonly users: readonly number[];
  /** An item that each user interacted with. */
  readonly positives: readonly number[];
  /** Items that each user has not interacted with, equally many for each. */
  readonly negatives: readonly (readonly number[])[];
}

/** Interactions with negative items, as host arrays. */
export function pairRows({ itemCount, users, positives, negatives }: PairRowsOptions): PairRows {
  return {
    itemCount,
    users: Int32Array.from(users),
    positives: Int32Array.from(positives),
    negatives: Int32Array.from(negatives.flat()),
  };
}

/**
 * A batch of interactions with negative items, as tensors.
 *
 * @example
 * const batch = pairBatch({ itemCount: 5, users: [0, 1], positives: [3, 0], negatives: [[1], [2]] });
 */
export function pairBatch(options: PairRowsOptions): PairBatch {
  return toPairBatch(pairRows(options));
}

/** The tensors of examples. */
export function openBatch(rows: ExampleRows): ExampleBatch {
  return "positives" in rows ? toPairBatch(rows) : toUserBatch(rows);
}

/**
 * The training part of a small dataset.
 *
 * @param interactions The items of each user.
 */
export function trainingInteractions(
  itemCount: number,
  interactions: readonly InteractionList[],
): TrainingInteractions {
  const { rows, items, weights } = userRows({
    itemCount,
    interactions: interactions.map((list) => [...list].sort((a, b) => itemIndex(a) - itemIndex(b))),
  });
  const offsets = new Int32Array(interactions.length + 1);
  for (const row of rows) offsets[row + 1] += 1;
  for (let user = 0; user < interactions.length; user += 1) offsets[user + 1] += offsets[user];
  return { part: "train", userCount: interactions.length, itemCount, offsets, items, weights };
}

/** A matrix from its rows. */
export function denseMatrix(rows: readonly (readonly number[])[]): DenseMatrix {
  const columnCount = rows[0]?.length ?? 0;
  return { rowCount: rows.length, columnCount, values: Float32Array.from(rows.flat()) };
}

function itemIndex(entry: InteractionList[number]): number {
  return typeof entry === "number" ? entry : entry.item;
}

export function toUserBatch(rows: UserRows): UserBatch {
  const { rowCount, itemCount, users, items, weights, profileEmbeddings } = rows;
  return {
    userCount: rowCount,
    itemCount,
    ...(users && { users: tf.tensor1d(users, "int32") }),
    rows: tf.tensor1d(rows.rows, "int32"),
    items: tf.tensor1d(items, "int32"),
    weights: tf.tensor1d(weights),
    ...(profileEmbeddings && { profileEmbeddings: toMatrix(profileEmbeddings) }),
  };
}

function toMatrix({ values, rowCount, columnCount }: DenseMatrix): tf.Tensor2D {
  return tf.tensor2d(values, [rowCount, columnCount]);
}

function toPairBatch({ itemCount, users, positives, negatives }: PairRows): PairBatch {
  return {
    pairCount: users.length,
    itemCount,
    users: tf.tensor1d(users, "int32"),
    positives: tf.tensor1d(positives, "int32"),
    negatives: tf.tensor2d(negatives, [users.length, negatives.length / users.length], "int32"),
  };
}
