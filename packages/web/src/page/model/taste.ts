/** Everything that someone says about what they like. */
export interface Taste {
  /** Typed words. */
  readonly words: string;
  /** Indices of picked items, in the order of the picks. */
  readonly picks: readonly number[];
  /**
   * The share of an item's score for anyone that is subtracted from its score, because a model ranks popular items first for
   * everyone: 0 leaves the ranking as the model has it, 1 lets popularity count for nothing.
   */
  readonly popularityPenalty: number;
}

export const noTaste: Taste = { words: "", picks: [], popularityPenalty: 0.5 };
