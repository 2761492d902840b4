import type { ParameterSettings } from "./adam";

/** The factors of a step of Adam, as the float32 numbers that `adamStep` computes with. */
export interface RowFactors {
  readonly beta1: number;
  readonly beta2: number;
  readonly decay: number;
  readonly rate: number;
  readonly offset: number;
}

/** The factors of a step for a parameter with these settings. */
export function rowFactors(
  { rate, offset }: { readonly rate: number; readonly offset: number },
  { beta1, beta2, rateFactor, decayFactor }: ParameterSettings,
): RowFactors {
  const { fround } = Math;
  return {
    beta1: fround(beta1),
    beta2: fround(beta2),
    decay: fround(decayFactor),
    rate: fround(fround(rateFactor) * fround(rate)),
    offset: fround(offset),
  };
}

/** A row of values, and after it its means and its squares, each as wide as a row of gradients. */
export interface RowPlace {
  readonly block: Float32Array;
  readonly start: number;
}

/**
 * One step of Adam for one row, in place: the equations of `adamStep`, rounded as there after each operation, so that both
 * give the same numbers.
 *
 * @param gradient The gradient of the row.
 */
export function rowStep({ block, start }: RowPlace, gradient: Float32Array, factors: RowFactors): void {
  const { beta1, beta2, decay, rate, offset } = factors;
  const width = gradient.length;
  const means = start + width;
  const squares = means + width;
  for (let index = 0; index < width; index += 1) {
    const slope = gradient[index];
    // Math.fround by its full name: with it, the engine computes in float32.
    const mean = Math.fround(Math.fround(beta1 * block[means + index]) + slope);
    const square = Math.fround(Math.fround(beta2 * block[squares + index]) + Math.fround(slope * slope));
    const step = Math.fround(mean / Math.fround(Math.fround(Math.sqrt(square)) + offset));
    const decayed = Math.fround(decay * block[start + index]);
    block[start + index] = Math.fround(decayed - Math.fround(rate * step));
    block[means + index] = mean;
    block[squares + index] = square;
  }
}
