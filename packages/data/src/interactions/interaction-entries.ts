/** Interactions in any order, an entry each. Matrices are made from entries, and splits divide them. */
export interface InteractionEntries {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[entries]`, each below `userCount`. */
  readonly users: Int32Array;
  /** `[entries]`, each below `itemCount`. */
  readonly items: Int32Array;
  /**
   * `[entries]`, finite and positive.
   *
   * @default 1 each, implicit feedback
   */
  readonly weights?: Float32Array | undefined;
  /** `[entries]`, for splits by time. */
  readonly timestamps?: Float64Array | undefined;
  /**
   * The file or table that holds the entries, for messages.
   *
   * @default "interactions"
   */
  readonly source?: string | undefined;
  /**
   * Returns the place of an entry in the source, e.g. `line 3`.
   *
   * @default `entry 2` for the entry at index 2
   */
  readonly locate?: ((entry: number) => string) | undefined;
}

/** The source and place of an entry, for messages. */
export function placeOf(
  { source = "interactions", locate = (index) => `entry ${index}` }: InteractionEntries,
  entry: number,
): { readonly source: string; readonly location: string } {
  return { source, location: locate(entry) };
}
