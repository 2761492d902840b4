import { parseOptions } from "@dmrec/core";
import { wasserstein2Distance } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization, regularizationWeightSchema } from "./regularization";

const optionsSchema = z.strictObject({
  /** The weight β of the match. */
  beta: z.number().nonnegative(),
  regularizationWeight: regularizationWeightSchema,
});

/**
 * Global Optimality for Distribution Matching: KL(q ‖ N(0, I)) + β W₂(q_c, p_l), the cost of moving one space's
 * distribution onto the other's (Zhang et al. 2025, section 2.4.1, eq. 8–10).
 *
 * @throws InvalidOptionsError
 */
export function godm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta, regularizationWeight } = parseOptions("godm", optionsSchema, options);
  return {
    name: "godm",
    configuration: { name: "godm", beta, regularizationWeight },
    loss: ({ collaborative, language, decoded }) => ({
      regularization: regularization(decoded, regularizationWeight),
      matching: tf.mul(beta, tf.mean(wasserstein2Distance(collaborative, language))),
    }),
  };
}
