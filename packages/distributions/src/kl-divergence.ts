import type { DiagonalGaussian, Distribution } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { assertSameShape, standardized } from "./diagonal-gaussian";
import { createDivergenceRegistry } from "./divergence-registry";
import type { StandardGaussian } from "./standard-gaussian";

/** The formulas of {@link klDivergence}. Register pairs of new kinds here. */
export const klDivergences = createDivergenceRegistry("KL divergence")
  .register(["diagonal-gaussian", "diagonal-gaussian"], betweenDiagonals)
  .register(["diagonal-gaussian", "standard-gaussian"], toStandard);

/**
 * KL(p ‖ q) = E_p log p(z) / q(z) for each row of a batch, `[batch]`, in nats.
 *
 * Known pairs: two diagonal Gaussians, and a diagonal Gaussian and the standard one. It is +∞ if
 * log σ_p² − log σ_q² passes 88, the range of float32.
 *
 * @throws UnsupportedError for a pair that is not in {@link klDivergences}.
 * @throws ShapeMismatchError
 * @example
 * const regularization = tf.mean(klDivergence(posterior, standardGaussian));
 */
export function klDivergence(p: Distribution, q: Distribution): tf.Tensor1D {
  return klDivergences.compute(p, q);
}

/** ½ Σ (e^r − 1 − r + (μ_p − μ_q)² / σ_q²), r = log σ_p² − log σ_q² */
function betweenDiagonals(p: DiagonalGaussian, q: DiagonalGaussian): tf.Tensor1D {
  assertSameShape(p, q);
  const logRatio = tf.sub(p.logVariance, q.logVariance);
  return halfSum(tf.add(excess(logRatio), tf.square(standardized(q, p.mean))));
}

/** ½ Σ (σ² − 1 − log σ² + μ²) */
function toStandard({ mean, logVariance }: DiagonalGaussian, _q: StandardGaussian): tf.Tensor1D {
  return halfSum(tf.add(excess(logVariance), tf.square(mean)));
}

/** e^r − 1 − r ≥ 0; `expm1` keeps the digits of a small r, for which e^r − 1 and r nearly cancel. */
function excess(r: tf.Tensor): tf.Tensor {
  return tf.sub(tf.expm1(r), r);
}

function halfSum(terms: tf.Tensor): tf.Tensor1D {
  return tf.mul(0.5, tf.sum(terms, 1));
}
