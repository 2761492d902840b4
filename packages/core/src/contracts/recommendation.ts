import type { ItemFilter } from "../item-filter";

/** An item for a user. */
export interface Recommendation {
  /** The item's index. */
  readonly item: number;
  readonly itemId: string;
  /** The item's name, or its identifier if the data has no names. */
  readonly name: string;
  readonly score: number;
}

/** The embedding of a profile, `[width]`. */
export type ProfileEmbedding = Float32Array | readonly number[];

/** The user to recommend to: a user of the data, or a new user with interactions, a profile, or both. */
export type Audience =
  | { readonly userIndex: number; readonly interactions?: never; readonly profileEmbedding?: never }
  | {
      readonly userIndex?: never;
      /**
       * Indices of the user's items, each with weight 1 or a weight from 1e-12 to 1e12. They are not recommended.
       *
       * @default []
       */
      readonly interactions?: readonly (number | { readonly item: number; readonly weight: number })[];
      /** The embedding of the user's profile. By default the zero vector, which says nothing. */
      readonly profileEmbedding?: ProfileEmbedding;
    };

export type RecommendationRequest = Audience & {
  /** The number of items. @default 10 */
  readonly count?: number;
  /** Indices of further items to leave out. @default [] */
  readonly exclude?: readonly number[];
  /** Conditions on the columns of the data's items. If fewer items meet them than `count`, there are fewer. @default none */
  readonly filter?: ItemFilter;
};
