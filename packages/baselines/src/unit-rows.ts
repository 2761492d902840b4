import * as tf from "@tensorflow/tfjs-core";

/** Rows divided by √(1e-8 + ‖row‖²), so that a row of zeros stays one. */
export function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-8)));
}
