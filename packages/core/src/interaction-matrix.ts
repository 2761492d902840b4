import type { DenseMatrix } from "./dataset";

/**
 * Which user interacted with which item: a sparse matrix of `[userCount, itemCount]` in compressed rows (CSR).
 *
 * User `u` owns the interactions `offsets[u]` to `offsets[u + 1]`. Within a user, items ascend and are distinct.
 */
export interface InteractionMatrix {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[userCount + 1]`, ascending from 0. */
  readonly offsets: Int32Array;
  /** `[interactions]` */
  readonly items: Int32Array;
  /** `[interactions]`, finite and positive; 1 for implicit feedback. */
  readonly weights: Float32Array;
}

/** The training part of a split: the only interactions that a model, a profile or a prompt may know. */
export interface TrainingInteractions extends InteractionMatrix {
  readonly part: "train";
}

/** Interactions of some users, on the host: what an engine turns into an {@link InteractionBatch}. */
export interface InteractionRows {
  readonly itemCount: number;
  /** `[rows]`, the user of each row. */
  readonly users: Int32Array;
  /** `[interactions]`, ascending: the row of each interaction. */
  readonly rows: Int32Array;
  /** `[interactions]`, the item of each interaction. */
  readonly items: Int32Array;
  /** `[interactions]`, the weight of each interaction. */
  readonly weights: Float32Array;
  /** `[rows, width]`: profile embeddings of the rows, for users that no table holds. */
  readonly profiles?: DenseMatrix;
}
