/** The results of a full ranking of all items on a held-out part. */
export interface RankingReport {
  /** Means over the evaluated users, by `<metric>@<cut-off>`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Values by user, in the order of `evaluatedUsers`. */
  readonly perUser: Readonly<Record<string, Float64Array>>;
  /** The users with items in the part, ascending. */
  readonly evaluatedUsers: Int32Array;
  /** The items ranked for each evaluated user, best first, up to the largest cut-off. */
  readonly rankings: readonly Int32Array[];
}
