import * as tf from "@tensorflow/tfjs-core";

/** The gradient of f at x with respect to x, of x's shape; `dy`, of the result's shape, is 1 by default. */
export function gradientAt(f: (x: tf.Tensor2D) => tf.Tensor, x: tf.Tensor2D, dy?: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => tf.reshape(tf.grad((value) => f(tf.reshape(value, x.shape)))(x, dy), x.shape));
}
