import { parseOptions } from "@dmrec/core";
import { wasserstein2Distance } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { klWeightSchema, regularization } from "./regularization";

export interface GodmOptions {
  /** The weight β of the match. */
  readonly beta: number;
  /** The weight of KL(q ‖ N(0, I)). @default 1 */
  readonly klWeight?: number;
}

const optionsSchema = z.strictObject({
  beta: z.number().nonnegative(),
  klWeight: klWeightSchema,
});

/**
 * Global Optimality for Distribution Matching: KL(q ‖ N(0, I)) + β W₂(q_c, p_l), the cost of moving one space's
 * distribution onto the other's (Zhang et al. 2025, section 2.4.1, eq. 8–10).
 *
 * @throws InvalidOptionsError
 * @example
 * withMatching(model, { profileEmbeddings: data.profileEmbeddings, strategy: godm({ beta: 0.5 }) });
 */
export function godm(options: GodmOptions): MatchingStrategy {
  const { beta, klWeight } = parseOptions("godm", optionsSchema, options);
  return {
    name: "godm",
    configuration: { name: "godm", beta, klWeight },
    loss: ({ collaborative, language, combined }) => ({
      regularization: regularization(combined, klWeight),
      matching: tf.mul(beta, tf.mean(wasserstein2Distance(collaborative, language))),
    }),
  };
}
