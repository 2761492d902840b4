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

/** The padded length of values and of moments for a row of `width` numbers: WebAssembly computes four at a time. */
export function rowRoom(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** A row of values, and after it its means and its squares, each with its {@link rowRoom}. */
export interface RowPlace {
  readonly block: Float32Array;
  readonly start: number;
}

/** Takes one step of Adam for one row, in place, by the gradient of the row. */
export type RowStep = (place: RowPlace, gradient: Float32Array, factors: RowFactors) => void;
