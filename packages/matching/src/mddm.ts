import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization } from "./regularization";

const optionsSchema = z.strictObject({
  /** The mixing coefficient β, or `{ concentration: a }` to draw it from Beta(a, a) in each step. */
  beta: z.union([z.number().min(0).max(1), z.strictObject({ concentration: z.number().positive() })]),
});

/**
 * Mixing Divergence for Distribution Matching: β KL(q ‖ N(0, I)) + (1 − β) KL(q ‖ p_l), the language space as a
 * second prior (Zhang et al. 2025, section 2.4.3, eq. 14–15).
 *
 * @throws InvalidOptionsError
 */
export function mddm(options: z.input<typeof optionsSchema>): MatchingStrategy {
  const { beta } = parseOptions("mddm", optionsSchema, options);
  return {
    name: "mddm",
    configuration: { name: "mddm", beta },
    loss: ({ language, decoded }, context) => {
      const mixing = context.hostInput<tf.Rank.R0>([], ({ random }) => [
        typeof beta === "number" ? beta : random.beta(beta.concentration, beta.concentration),
      ]);
      return {
        regularization: regularization(decoded, mixing),
        matching: tf.mul(tf.sub(1, mixing), tf.mean(klDivergence(decoded, language))),
      };
    },
  };
}
