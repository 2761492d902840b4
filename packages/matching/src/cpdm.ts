import { parseOptions } from "@dmrec/core";
import { skewJensenShannonDivergence } from "@dmrec/distributions";
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
  /**
   * λ, the weight of q in the composite prior m.
   *
   * @default 0.5
   */
  mixingWeight: z.number().min(0).max(1).default(0.5),
});

/**
 * Composite Prior for Distribution Matching: KL(q ‖ N(0, I)) + β (KL(q ‖ m) + KL(p_l ‖ m)), with a prior m
 * between both distributions, so that each gives way (Zhang et al. 2025, section 2.4.2, eq. 11–13).
 *
 * @throws InvalidOptionsError
 * @example
 * const strategy = cpdm({ beta: 0.2 });
 */
export function cpdm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta, mixingWeight, klWeight } = parseOptions("cpdm", optionsSchema, options);
  return {
    name: "cpdm",
    configuration: { name: "cpdm", beta, mixingWeight, klWeight },
    loss: ({ language, combined }) => ({
      regularization: klRegularization(combined, klWeight),
      matching: tf.mul(
        beta,
        tf.mean(skewJensenShannonDivergence(combined, language, { weight: mixingWeight })),
      ),
    }),
  };
}
