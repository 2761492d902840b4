import { parseOptions } from "@dmrec/core";
import { klDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { regularization } from "./regularization";

export interface MddmOptions {
  /** The mixing coefficient β from 0 to 1, or `{ concentration: a }`, a > 0, to draw it from Beta(a, a) in each step. */
  readonly beta: number | { readonly concentration: number };
}

const optionsSchema = z.strictObject({
  beta: z.union([z.number().min(0).max(1), z.strictObject({ concentration: z.number().positive() })], {
    error: "expected a weight from 0 to 1, or a concentration above 0, such as { concentration: 0.2 }",
  }),
});

/**
 * Mixing Divergence for Distribution Matching: β KL(q ‖ N(0, I)) + (1 − β) KL(q ‖ p_l), the language space as a
 * second prior (Zhang et al. 2025, section 2.4.3, eq. 14–15).
 *
 * @throws InvalidOptionsError
 * @example
 * withMatching(model, { profileEmbeddings: data.profileEmbeddings, strategy: mddm({ beta: 0.5 }) });
 */
export function mddm(options: MddmOptions): MatchingStrategy {
  const { beta } = parseOptions("mddm", optionsSchema, options);
  return {
    name: "mddm",
    configuration: { name: "mddm", beta },
    loss: ({ language, combined }, context) => {
      // Fed also when constant, so that runs that differ only in β share their noise.
      const mixing = context.feed<tf.Rank.R0>([], ({ random }) => [
        typeof beta === "number" ? beta : random.beta(beta.concentration, beta.concentration),
      ]);
      return {
        regularization: regularization(combined, mixing),
        matching: tf.mul(tf.sub(1, mixing), tf.mean(klDivergence(combined, language))),
      };
    },
  };
}
