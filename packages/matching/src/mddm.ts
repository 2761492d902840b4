import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { klRegularization } from "./kl-regularization";
import type { MatchingStrategy } from "./matching-strategy";

const optionsSchema = z.strictObject({
  /** The mixing coefficient β, or `{ concentration: a }` to draw it from Beta(a, a) in each step. */
  beta: z.union([z.number().min(0).max(1), z.strictObject({ concentration: z.number().positive() })]),
});

/**
 * Mixing Divergence for Distribution Matching: β KL(q ‖ N(0, I)) + (1 − β) KL(q ‖ p_l), the language space as a
 * second prior (Zhang et al. 2025, section 2.4.3, eq. 14–15).
 *
 * @throws InvalidOptionsError
 * @example
 * const strategy = mddm({ beta: { concentration: 1 } });
 */
export function mddm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta } = parseOptions("mddm", optionsSchema, options);
  return {
    name: "mddm",
    configuration: { name: "mddm", beta },
    loss: ({ language, combined }, context) => {
      const mixing =
        typeof beta === "number"
          ? beta
          : context.feed<tf.Rank.R0>([], ({ random }) => [
              random.beta(beta.concentration, beta.concentration),
            ]);
      return {
        regularization: klRegularization(combined, mixing),
        matching: tf.mul(tf.sub<tf.Scalar>(1, mixing), tf.mean(klDivergence(combined, language))),
      };
    },
  };
}
