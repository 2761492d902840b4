import type { DiagonalGaussian } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The Gaussian of a network's last layer: means in the first half of its columns, log-variances in the second. */
export function gaussianHead(output: tf.Tensor2D): DiagonalGaussian {
  const [mean, logVariance] = tf.split<tf.Tensor2D>(output, 2, 1);
  return { kind: "diagonal-gaussian", mean, logVariance };
}
