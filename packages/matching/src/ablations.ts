import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { klRegularization, klWeightSchema } from "./kl-regularization";
import type { MatchingStrategy } from "./matching-strategy";

const withoutMatchingSchema = z.strictObject({
  /**
   * The weight of KL(q ‖ N(0, I)).
   *
   * @default 1
   */
  klWeight: klWeightSchema,
});

/**
 * The ablation without matching: the two posteriors are summed and only KL(q ‖ N(0, I)) is added (Zhang et al. 2025,
 * section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMatching(options: z.input<typeof withoutMatchingSchema> = {}): MatchingStrategy {
  const { klWeight } = parseOptions("withoutMatching", withoutMatchingSchema, options);
  return {
    name: "without-matching",
    configuration: { name: "without-matching", klWeight },
    loss: ({ combined }) => ({ regularization: klRegularization(combined, klWeight) }),
  };
}

const withoutMixingSchema = z.strictObject({
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
 * The ablation of MDDM without mixing: KL(q ‖ N(0, I)) + β KL(q ‖ p_l) (Zhang et al. 2025, section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMixing(options: z.input<typeof withoutMixingSchema>): MatchingStrategy {
  const { beta, klWeight } = parseOptions("withoutMixing", withoutMixingSchema, options);
  return {
    name: "without-mixing",
    configuration: { name: "without-mixing", beta, klWeight },
    loss: ({ language, combined }) => ({
      regularization: klRegularization(combined, klWeight),
      matching: tf.mul(beta, tf.mean(klDivergence(combined, language))),
    }),
  };
}
