import type { DenseMatrix } from "./dense-matrix";

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

/** The training part of a split: the only interactions that a model, a profile or a prompt may read. */
export interface TrainingInteractions extends InteractionMatrix {
  readonly part: "train";
}

/** Users with their interactions, on the host: what an engine turns into a {@link UserBatch}. */
export interface UserRows {
  readonly itemCount: number;
  readonly rowCount: number;
  /** `[rowCount]`: the index of each row's user. Absent for users who are not in the dataset. */
  readonly users?: Int32Array | undefined;
  /** `[interactions]`, ascending: the row of each interaction. */
  readonly rows: Int32Array;
  /** `[interactions]`: the item of each interaction. */
  readonly items: Int32Array;
  /** `[interactions]`: the weight of each interaction. */
  readonly weights: Float32Array;
  /** `[rowCount, width]`: profile embeddings of the rows. They take precedence over those of `users`. */
  readonly profileEmbeddings?: DenseMatrix | undefined;
  /** The items that were drawn for the step. */
  readonly sample?: ItemSampleRows | undefined;
  /** The items whose rows of the tables of items a step reads; an engine finds them. */
  readonly touched?: TouchedItemRows | undefined;
}

/** The items of a step, on the host: what an engine turns into {@link TouchedItems}. */
export interface TouchedItemRows {
  /** `[touched]`, ascending and distinct: the item of each row. */
  readonly ids: Int32Array;
  /** `[interactions]`: the row of each interaction's item. */
  readonly items: Int32Array;
  /** `[samples]`: the row of each drawn item. Absent if none were drawn. */
  readonly samples?: Int32Array | undefined;
}

/** The items that were drawn for a batch, on the host: what an engine turns into an {@link ItemSample}. */
export interface ItemSampleRows {
  /** `[samples]` */
  readonly items: Int32Array;
  /** `[samples]`: −log of the expected number of draws; very low for a repeated draw, which counts with the first. */
  readonly logWeights: Float32Array;
  /** `[interactions]`: the place in `items` of each interaction's item; the number of samples if it was not drawn. */
  readonly places: Int32Array;
}

/** Training interactions with sampled negative items, on the host: what an engine turns into a {@link PairBatch}. */
export interface PairRows {
  readonly itemCount: number;
  /** `[pairs]` */
  readonly users: Int32Array;
  /** `[pairs]` */
  readonly positives: Int32Array;
  /** `[pairs, negatives]`, row after row. */
  readonly negatives: Int32Array;
}

/** The examples of one training step, on the host. */
export type ExampleRows = UserRows | PairRows;
