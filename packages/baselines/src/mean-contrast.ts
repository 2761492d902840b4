import * as tf from "@tensorflow/tfjs-core";
import { logSumExp } from "./log-sum-exp";
import { unitRows } from "./unit-rows";

/**
 * The mean over rows of −cos(a, b)/τ + log Σ_c exp(cos(a, c)/τ), with c the rows of `candidates`.
 *
 * @param directionsOf Divides rows by their lengths. @default unitRows
 */
export function meanContrast(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  candidates: tf.Tensor2D,
  temperature: number,
  directionsOf: (rows: tf.Tensor2D) => tf.Tensor2D = unitRows,
): tf.Scalar {
  // Dividing the vectors is less work than dividing all cosines.
  const directions = tf.div<tf.Tensor2D>(directionsOf(a), temperature);
  const own = tf.sum(tf.mul(directions, directionsOf(b)), 1);
  const others = tf.matMul<tf.Tensor2D>(directions, directionsOf(candidates), false, true);
  return tf.mean(tf.sub(logSumExp(others, 1 / temperature), own));
}
