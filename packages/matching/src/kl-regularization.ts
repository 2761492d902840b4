import type { DiagonalGaussian } from "@dmrec/core";
import { klDivergence, standardGaussian } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

/** The option of strategies for the weight of KL(q ‖ N(0, I)). Some models are published with another one than 1. */
export const klWeightSchema = z.number().nonnegative().default(1);

/** The weighted KL(q ‖ N(0, I)), the mean over the batch (Zhang et al. 2025, eq. 2). */
export function klRegularization(posterior: DiagonalGaussian, klWeight: number | tf.Scalar): tf.Scalar {
  return tf.mul(klWeight, tf.mean(klDivergence(posterior, standardGaussian)));
}
