import * as tf from "@tensorflow/tfjs-core";
import { logSumExp } from "./log-sum-exp";
import { unitRows } from "./unit-rows";

/**
 * The mean over different nodes of −log(exp(cos(a, b)/τ) / Σ_j exp(cos(a, b_j)/τ) + 1e-5), for two views a and b of the
 * nodes of a step, as the programs of Zhang et al. 2026 have it. With a = b it drives the nodes apart.
 *
 * @param a `[pairs, width]`
 * @param b `[pairs, width]`
 * @param isFirst `[pairs]`: 1 for each node once, 0 for its further rows.
 */
export function viewContrast(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  isFirst: tf.Tensor1D,
  temperature: number,
): tf.Scalar {
  // Dividing the vectors is less work than dividing all cosines.
  const [left, right] = [tf.div<tf.Tensor2D>(unitRows(a), temperature), unitRows(b)];
  const own = tf.sum(tf.mul(left, right), 1);
  // The exponential of a repeated node is 0.
  const repeated = tf.mul(-1e4, tf.sub(1, tf.expandDims(isFirst, 0)));
  const all = logSumExp(tf.add(tf.matMul(left, right, false, true), repeated), 1 / temperature);
  const losses = tf.neg(tf.log(tf.add(tf.exp(tf.sub(own, all)), 1e-5)));
  return tf.div(tf.sum<tf.Scalar>(tf.mul(losses, isFirst)), tf.sum<tf.Scalar>(isFirst));
}
