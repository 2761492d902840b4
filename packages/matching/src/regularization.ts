import type { DiagonalGaussian } from "@dmrec/core";
import { klDivergence, standardGaussian } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";

/** KL(q ‖ N(0, I)), the mean over the batch (Zhang et al. 2025, eq. 2). */
export function regularization(posterior: DiagonalGaussian): tf.Scalar {
  return tf.mean(klDivergence(posterior, standardGaussian));
}
