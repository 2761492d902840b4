import type { DiagonalGaussian } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { assertSameShape } from "./diagonal-gaussian";

/**
 * μ = μ_p + μ_q and log σ² = log σ_p² + log σ_q²: the posterior that DMRec decodes, as if one network's outputs were
 * added to the other's.
 *
 * It is not the distribution of a sum of variables, whose variances would add.
 *
 * @throws ShapeMismatchError
 */
export function addParameters(p: DiagonalGaussian, q: DiagonalGaussian): DiagonalGaussian {
  assertSameShape(p, q);
  return {
    kind: "diagonal-gaussian",
    mean: tf.add(p.mean, q.mean),
    logVariance: tf.add(p.logVariance, q.logVariance),
  };
}
