import * as tf from "@tensorflow/tfjs-core";
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
  const [left, right] = [unitRows(a), unitRows(b)];
  // A cosine is at most 1, so that no exponential overflows.
  const share = (cosines: tf.Tensor) => tf.exp(tf.div(tf.sub(cosines, 1), temperature));
  const own = share(tf.sum(tf.mul(left, right), 1));
  const all = tf.sum(tf.mul(share(tf.matMul(left, right, false, true)), tf.expandDims(isFirst, 0)), 1);
  const losses = tf.neg(tf.log(tf.add(tf.div(own, all), 1e-5)));
  return tf.div(tf.sum<tf.Scalar>(tf.mul(losses, isFirst)), tf.sum<tf.Scalar>(isFirst));
}
