import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/** The examples that a model trains on. */
export type ExampleKind =
  /** Users with all of their training interactions, and with items that are drawn for each step. */
  | UserExamples
  /**
   * Every training interaction once an epoch, each with items that its user has not interacted with, drawn uniformly
   * in each epoch.
   */
  | { readonly kind: "pairs"; readonly negatives: number };

/** Users with all of their training interactions. */
export interface UserExamples {
  readonly kind: "users";
  /** The way the trainer draws items for each step, which stand for the whole catalogue. Absent if it draws none. */
  readonly sampledItems?: ItemSampling;
}

/** The way items are drawn to stand for a catalogue. */
export interface ItemSampling {
  /** Items in each step; at most all of them are drawn. */
  readonly count: number;
  /**
   * `log-uniform` draws the item of rank r, from 0 and by falling popularity, with a weight of log((r + 2) / (r + 1)).
   * `popularity` draws an item with its number of training interactions plus one as the weight.
   */
  readonly proposal: ItemProposal;
}

export type ItemProposal = "log-uniform" | "popularity";

/** The items that were drawn for a batch, as tensors. */
export interface ItemSample {
  /** int32 `[samples]` */
  readonly items: Tensor1D;
  /** float32 `[samples]`: −log of the expected number of draws of each item; very low for a repeated draw, which counts with the first. */
  readonly logWeights: Tensor1D;
  /** int32 `[interactions]`: the place in `items` of each interaction's item; the number of samples if it was not drawn. */
  readonly places: Tensor1D;
}

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
  /** The items that were drawn for the step. Absent for scores, and for models that ask for none. */
  readonly sample?: ItemSample;
  /** The rows of the items in tables of items, if the step was given some of their rows only. */
  readonly touched?: TouchedItems;
}

/**
 * The rows of the tables of items (`Parameter.rows`) that a step was given: those of its interactions and of its drawn items,
 * as tensors. A loss reads these tables by these indices. Everything else has a row for each item, as the batch says.
 */
export interface TouchedItems {
  /** Rows of each table, of which the last ones may be no item's. */
  readonly rowCount: number;
  /** int32 `[interactions]`: the row of each interaction's item. */
  readonly items: Tensor1D;
  /** int32 `[samples]`: the row of each drawn item. Absent if none were drawn. */
  readonly samples?: Tensor1D;
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
