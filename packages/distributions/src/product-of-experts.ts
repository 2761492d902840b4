import type { DiagonalGaussian } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { assertSameShape } from "./diagonal-gaussian";

/**
 * The normalised product of two densities, p(z) q(z) / ∫ p q: a product of experts (Hinton 2002). Precisions add:
 *
 * 1/σ² = 1/σ_p² + 1/σ_q², μ = σ² (μ_p / σ_p² + μ_q / σ_q²)
 *
 * It is computed from the log-variances, so that no precision overflows.
 *
 * @throws ShapeMismatchError
 */
export function productOfExperts(p: DiagonalGaussian, q: DiagonalGaussian): DiagonalGaussian {
  assertSameShape(p, q);
  const logVariance: tf.Tensor2D = tf.tidy(() =>
    tf.sub(q.logVariance, tf.softplus(tf.sub(q.logVariance, p.logVariance))),
  );
  const mean: tf.Tensor2D = tf.tidy(() =>
    tf.add(
      tf.mul(tf.sigmoid(tf.sub(q.logVariance, p.logVariance)), p.mean),
      tf.mul(tf.sigmoid(tf.sub(p.logVariance, q.logVariance)), q.mean),
    ),
  );
  return { kind: "diagonal-gaussian", mean, logVariance };
}
