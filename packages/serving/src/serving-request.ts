import type { ItemFilter, ProfileEmbedding } from "@dmrec/core";

/** An item with the weight of the user's interaction with it. */
export interface WeightedItem {
  readonly itemId: string;
  /** From 1e-12 to 1e12; 1 for implicit feedback. */
  readonly weight: number;
}

/**
 * The user to recommend to: a known user by identifier if the model reads the user's index, otherwise any user by
 * interactions, profile, or both.
 */
export interface ServingAudience {
  /** The identifier of a user that the model was trained on. Required by models that read the user's index, and only by them. */
  readonly userId?: string | undefined;
  /**
   * Identifiers of the user's items, each with weight 1 or the weight given. They are not recommended. An item that is
   * listed twice has its last weight.
   *
   * @default []
   */
  readonly interactions?: readonly (string | WeightedItem)[] | undefined;
  /**
   * The embedding of the user's profile, made by the encoder of the training data. Only for models that read profiles.
   *
   * @default the zero vector, which says nothing
   */
  readonly profileEmbedding?: ProfileEmbedding | undefined;
}

export interface ServingRequest extends ServingAudience {
  /**
   * The number of items to return.
   *
   * @default 10
   */
  readonly count?: number | undefined;
  /**
   * Identifiers of further items to leave out.
   *
   * @default []
   */
  readonly exclude?: readonly string[] | undefined;
  /**
   * Conditions on the columns of the items. If fewer items meet them than `count`, there are fewer.
   *
   * @default none
   */
  readonly filter?: ItemFilter | undefined;
}
