/** The moments of a sample. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** The sample standard deviation (n − 1), 0 for a single value. */
  readonly standardDeviation: number;
}

/**
 * Mean and deviation of a sample, e.g. of a metric over seeds.
 *
 * @example
 * summarise([0.12, 0.14, 0.13]).mean; // 0.13
 */
export function summarise(values: ArrayLike<number>): Summary {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: list.length,
    mean,
    standardDeviation: list.length < 2 ? 0 : Math.sqrt(squares / (list.length - 1)),
  };
}
