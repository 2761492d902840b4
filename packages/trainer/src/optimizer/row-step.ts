import type { ParameterSettings } from "./adam";

/** Rows of gradients, and the row of this step. */
export interface RowGradient {
  readonly gradients: Float32Array;
  readonly start: number;
}

/**
 * One step of Adam for one row, in place: the equations of `adamStep`, with its float32 roundings, so that both give the
 * same numbers.
 *
 * @param block Rows of 3 · width numbers each: parameters, means and squares.
 * @param start The place of the row in the block.
 */
export function rowStep(
  { block, start, width }: { readonly block: Float32Array; readonly start: number; readonly width: number },
  { gradients, start: gradientStart }: RowGradient,
  scalars: { readonly rate: number; readonly offset: number },
  settings: ParameterSettings,
): void {
  const { fround, sqrt } = Math;
  const [beta1, beta2, decay] = [settings.beta1, settings.beta2, settings.decayFactor].map(fround);
  const rate = fround(fround(settings.rateFactor) * fround(scalars.rate));
  const offset = fround(scalars.offset);
  const means = start + width;
  const squares = means + width;
  for (let index = 0; index < width; index += 1) {
    const gradient = gradients[gradientStart + index];
    const mean = fround(fround(beta1 * block[means + index]) + gradient);
    const square = fround(fround(beta2 * block[squares + index]) + fround(gradient * gradient));
    const step = fround(mean / fround(fround(sqrt(square)) + offset));
    block[start + index] = fround(decay * block[start + index]) - fround(rate * step);
    block[means + index] = mean;
    block[squares + index] = square;
  }
}
