/** The ways to combine the vectors of a text's tokens into one. */
export const poolingModes = ["mean", "cls"] as const;
export type PoolingMode = (typeof poolingModes)[number];

/** The vectors of the tokens of some texts, `[texts, length, width]`; those beyond a text's own length are padding. */
export interface TokenVectors {
  readonly values: ArrayLike<number>;
  readonly length: number;
  readonly width: number;
}

/** The vector of one text. */
export function pooled(
  { values, length, width }: TokenVectors,
  text: number,
  tokens: number,
  mode: PoolingMode,
): Float32Array {
  const start = text * length * width;
  const sums = new Float64Array(width);
  const counted = mode === "cls" ? 1 : tokens;
  for (let token = 0; token < counted; token += 1) {
    for (let column = 0; column < width; column += 1) sums[column] += values[start + token * width + column];
  }
  return Float32Array.from(sums, (sum) => sum / counted);
}

/** A vector of length 1; the zero vector stays. */
export function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
