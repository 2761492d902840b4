import type { DiagonalGaussian } from "@dmrec/core";
import { klDivergence, standardGaussian } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

/** The weight of KL(q ‖ N(0, I)); some models are published with another weight than 1. */
export const klWeightSchema = z.number().nonnegative().default(1);

/** The weighted KL(q ‖ N(0, I)), the mean over the batch (Zhang et al. 2025, eq. 2). */
export function regularization(posterior: DiagonalGaussian, weight: number | tf.Scalar): tf.Scalar {
  return tf.mul(weight, tf.mean(klDivergence(posterior, standardGaussian)));
}
