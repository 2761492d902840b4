import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/** The examples that a model trains on. */
export type ExampleKind =
  /** Users with all of their training interactions. */
  | { readonly kind: "users" }
  /**
   * Every training interaction once an epoch, each with items that its user has not interacted with, drawn uniformly
   * in each epoch.
   */
  | { readonly kind: "pairs"; readonly negatives: number };

/**
 * A batch of users with their interactions, as tensors.
 *
 * It is sparse: the dense `[userCount, itemCount]` matrix is never built. An interaction of weight 0 is padding.
 */
export interface UserBatch {
  /** Users in this batch: the rows. */
  readonly userCount: number;
  readonly itemCount: number;
  /** int32 `[userCount]`: the index of each row's user. Absent for users who are not in the dataset. */
  readonly users?: Tensor1D;
  /** int32 `[interactions]`: the row of each interaction. */
  readonly rows: Tensor1D;
  /** int32 `[interactions]`: the item of each interaction. */
  readonly items: Tensor1D;
  /** float32 `[interactions]` */
  readonly weights: Tensor1D;
  /** `[userCount, width]`: profile embeddings of the rows. They take precedence over those of `users`. */
  readonly profileEmbeddings?: Tensor2D;
}

/** A batch of training interactions with sampled negative items, as tensors. */
export interface PairBatch {
  readonly pairCount: number;
  readonly itemCount: number;
  /** int32 `[pairs]` */
  readonly users: Tensor1D;
  /** int32 `[pairs]`: an item that the user interacted with. */
  readonly positives: Tensor1D;
  /** int32 `[pairs, negatives]`: items that the user has not interacted with. */
  readonly negatives: Tensor2D;
}

/** A batch of any {@link ExampleKind}. */
export type ExampleBatch = UserBatch | PairBatch;
