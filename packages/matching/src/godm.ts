import { parseOptions } from "@dmrec/core";
import { wasserstein2Distance } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { klRegularization, klWeightSchema } from "./kl-regularization";
import type { MatchingStrategy } from "./matching-strategy";

const optionsSchema = z.strictObject({
  /** The weight β of the match. */
  beta: z.number().nonnegative(),
  /**
   * The weight of KL(q ‖ N(0, I)).
   *
   * @default 1
   */
  klWeight: klWeightSchema,
});

/**
 * Global Optimality for Distribution Matching: KL(q ‖ N(0, I)) + β W₂(q_c, p_l), the cost of moving one space's
 * distribution onto the other's (Zhang et al. 2025, section 2.4.1, eq. 8–10).
 *
 * @throws InvalidOptionsError
 * @example
 * const strategy = godm({ beta: 0.4 });
 */
export function godm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta, klWeight } = parseOptions("godm", optionsSchema, options);
  return {
    name: "godm",
    configuration: { name: "godm", beta, klWeight },
    loss: ({ collaborative, language, combined }) => ({
      regularization: klRegularization(combined, klWeight),
      matching: tf.mul(beta, tf.mean(wasserstein2Distance(collaborative, language))),
    }),
  };
}
