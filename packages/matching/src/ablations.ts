import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization } from "./regularization";

/**
 * The ablation without matching: the two posteriors are summed and only KL(q ‖ N(0, I)) holds them (Zhang et al. 2025,
 * section 3.3.3).
 */
export function withoutMatching(): MatchingStrategy {
  return {
    name: "without-matching",
    configuration: { name: "without-matching" },
    loss: ({ decoded }) => ({ regularization: regularization(decoded) }),
  };
}

const withoutMixingSchema = z.strictObject({
  /** The weight β of the match. */
  beta: z.number().nonnegative(),
});

/**
 * The ablation of MDDM without mixing: KL(q ‖ N(0, I)) + β KL(q ‖ p_l) (Zhang et al. 2025, section 3.3.3).
 *
 * @throws InvalidOptionsError
 */
export function withoutMixing(options: z.input<typeof withoutMixingSchema>): MatchingStrategy {
  const { beta } = parseOptions("withoutMixing", withoutMixingSchema, options);
  return {
    name: "without-mixing",
    configuration: { name: "without-mixing", beta },
    loss: ({ language, decoded }) => ({
      regularization: regularization(decoded),
      matching: tf.mul(beta, tf.mean(klDivergence(decoded, language))),
    }),
  };
}
