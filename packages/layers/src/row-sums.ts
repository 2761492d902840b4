import type { UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The sum of the values of each user's interactions, `[users]`; no gradient flows. */
export function rowSums({ userCount, rows }: UserBatch, values: tf.Tensor1D): tf.Tensor1D {
  return tf.scatterND(tf.reshape(rows, [-1, 1]), values, [userCount]);
}
