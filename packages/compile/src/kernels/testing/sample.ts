import type * as tf from "@tensorflow/tfjs-core";

/** A function of random tensors whose result must be what tfjs's own CPU kernels give. */
export interface Sample {
  /** Values of each argument are drawn from here. */
  readonly from: readonly [least: number, most: number];
  readonly dtype?: "float32" | "int32" | "bool";
  readonly compute: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** The shapes of the arguments; random ones if this is missing, broadcast against each other if there are two. */
  readonly shapes?: readonly (readonly number[])[];
  /** Values that are tried too, such as NaN and ±∞, where the kernel says what they give. */
  readonly special?: readonly number[];
}

const everything = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e-8, -1e-8, 30, -30];

export const unary = (
  compute: (x: tf.Tensor) => tf.Tensor,
  from: Sample["from"] = [-3, 3],
  special: readonly number[] = everything,
): Sample => ({ from, compute, special });
export const binary = (
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  from: Sample["from"] = [-3, 3],
): Sample => ({
  from,
  compute: (a, b) => compute(a, b),
  shapes: [],
});
export const shaped = (
  shapes: Sample["shapes"],
  compute: Sample["compute"],
  from: Sample["from"] = [-3, 3],
): Sample => ({
  from,
  compute,
  shapes: shapes ?? [],
});
export const ofIntegers = (sample: Sample): Sample => ({ ...sample, dtype: "int32" });
export const ofBooleans = (sample: Sample): Sample => ({ ...sample, dtype: "bool", from: [0, 1] });

/** At least one sample for every kernel of a table. */
export type Samples = Readonly<Record<string, Sample | readonly Sample[]>>;
