import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization, regularizationWeightSchema } from "./regularization";

const withoutMatchingSchema = z.strictObject({
  regularizationWeight: regularizationWeightSchema,
});

/**
 * The ablation without matching: the two posteriors are summed and only KL(q ‖ N(0, I)) holds them (Zhang et al. 2025,
 * section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMatching(options: z.input<typeof withoutMatchingSchema> = {}): MatchingStrategy {
  const { regularizationWeight } = parseOptions("withoutMatching", withoutMatchingSchema, options);
  return {
    name: "without-matching",
    configuration: { name: "without-matching", regularizationWeight },
    loss: ({ decoded }) => ({ regularization: regularization(decoded, regularizationWeight) }),
  };
}

const withoutMixingSchema = z.strictObject({
  /** The weight β of the match. */
  beta: z.number().nonnegative(),
  regularizationWeight: regularizationWeightSchema,
});

/**
 * The ablation of MDDM without mixing: KL(q ‖ N(0, I)) + β KL(q ‖ p_l) (Zhang et al. 2025, section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMixing(options: z.input<typeof withoutMixingSchema>): MatchingStrategy {
  const { beta, regularizationWeight } = parseOptions("withoutMixing", withoutMixingSchema, options);
  return {
    name: "without-mixing",
    configuration: { name: "without-mixing", beta, regularizationWeight },
    loss: ({ language, decoded }) => ({
      regularization: regularization(decoded, regularizationWeight),
      matching: tf.mul(beta, tf.mean(klDivergence(decoded, language))),
    }),
  };
}
