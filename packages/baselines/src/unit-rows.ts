import * as tf from "@tensorflow/tfjs-core";

/** Rows divided by their length, or by 1e-12 if they are shorter, so that a row of zeros stays one. */
export function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  // The square root has no finite gradient at 0, so its argument stays above 0.
  return tf.div(rows, tf.sqrt(tf.maximum(squaredLengths(rows), 1e-24)));
}

/** Rows divided by √(1e-8 + ‖row‖²), as the program of RLMRec-C has it: short rows stay below unit length. */
export function smoothUnitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.sqrt(tf.add(squaredLengths(rows), 1e-8)));
}

/** `[rows, 1]` */
function squaredLengths(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(tf.square(rows), 1, true);
}
