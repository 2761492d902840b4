import { parseOptions } from "@dmrec/core";
import { skewJensenShannonDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization, regularizationWeightSchema } from "./regularization";

const optionsSchema = z.strictObject({
  /** The weight β of the match. */
  beta: z.number().nonnegative(),
  regularizationWeight: regularizationWeightSchema,
  /** The weight λ of q in the composite prior. */
  weight: z.number().min(0).max(1).default(0.5),
});

/**
 * Composite Prior for Distribution Matching: KL(q ‖ N(0, I)) + β (KL(q ‖ m) + KL(p_l ‖ m)), where the prior m lies
 * between both distributions, so that each gives way (Zhang et al. 2025, section 2.4.2, eq. 11–13).
 *
 * @throws InvalidOptionsError
 */
export function cpdm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta, weight, regularizationWeight } = parseOptions("cpdm", optionsSchema, options);
  return {
    name: "cpdm",
    configuration: { name: "cpdm", beta, weight, regularizationWeight },
    loss: ({ language, decoded }) => ({
      regularization: regularization(decoded, regularizationWeight),
      matching: tf.mul(beta, tf.mean(skewJensenShannonDivergence(decoded, language, { weight }))),
    }),
  };
}
