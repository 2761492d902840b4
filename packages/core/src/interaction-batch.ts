import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/**
 * A batch of users with their interactions, as tensors.
 *
 * It is sparse: the dense `[userCount, itemCount]` matrix is never built. An interaction of weight 0 is padding.
 */
export interface InteractionBatch {
  /** Users in this batch: the rows. */
  readonly userCount: number;
  readonly itemCount: number;
  /** int32 `[userCount]`: the user of each row, an index into the tables that a model was made with. */
  readonly users: Tensor1D;
  /** int32 `[interactions]`: the row of each interaction. */
  readonly rows: Tensor1D;
  /** int32 `[interactions]`: the item of each interaction. */
  readonly items: Tensor1D;
  /** float32 `[interactions]` */
  readonly weights: Tensor1D;
  /** `[userCount, width]`: profile embeddings of the rows, for users that no table holds; they win over `users`. */
  readonly profiles?: Tensor2D;
}
