import * as tf from "@tensorflow/tfjs-core";

/** The sums of the values of each user's interactions, `[users]`; no gradient flows. */
export function sumByRow(values: tf.Tensor1D, rows: tf.Tensor1D, userCount: number): tf.Tensor1D {
  return tf.scatterND(tf.reshape(rows, [-1, 1]), values, [userCount]);
}
