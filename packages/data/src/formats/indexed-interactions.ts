/** Interactions whose users and items are indices from 0 already. */
export interface IndexedInteractions {
  readonly source: string;
  /** At least the largest index + 1; a matrix's own shape. */
  readonly userCount: number;
  readonly itemCount: number;
  /** `[entries]` */
  readonly users: Int32Array;
  /** `[entries]` */
  readonly items: Int32Array;
  readonly values?: Float32Array;
  /** Where an entry stands in the source, e.g. `line 3`. */
  readonly locate: (entry: number) => string;
}
