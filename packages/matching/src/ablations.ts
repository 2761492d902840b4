import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { klWeightSchema, regularization } from "./regularization";

export interface WithoutMatchingOptions {
  /** The weight of KL(q ‖ N(0, I)). @default 1 */
  readonly klWeight?: number;
}

const withoutMatchingSchema = z.strictObject({
  klWeight: klWeightSchema,
});

/**
 * The ablation without matching: the two posteriors are summed, and the only further term is KL(q ‖ N(0, I)) (Zhang et al. 2025,
 * section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMatching(options: WithoutMatchingOptions = {}): MatchingStrategy {
  const { klWeight } = parseOptions("withoutMatching", withoutMatchingSchema, options);
  return {
    name: "without-matching",
    configuration: { name: "without-matching", klWeight },
    loss: ({ combined }) => ({ regularization: regularization(combined, klWeight) }),
  };
}

export interface WithoutMixingOptions {
  /** The weight β of the match. */
  readonly beta: number;
  /** The weight of KL(q ‖ N(0, I)). @default 1 */
  readonly klWeight?: number;
}

const withoutMixingSchema = z.strictObject({
  beta: z.number().nonnegative(),
  klWeight: klWeightSchema,
});

/**
 * The ablation of MDDM without mixing: KL(q ‖ N(0, I)) + β KL(q ‖ p_l) (Zhang et al. 2025, section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMixing(options: WithoutMixingOptions): MatchingStrategy {
  const { beta, klWeight } = parseOptions("withoutMixing", withoutMixingSchema, options);
  return {
    name: "without-mixing",
    configuration: { name: "without-mixing", beta, klWeight },
    loss: ({ language, combined }) => ({
      regularization: regularization(combined, klWeight),
      matching: tf.mul(beta, tf.mean(klDivergence(combined, language))),
    }),
  };
}
