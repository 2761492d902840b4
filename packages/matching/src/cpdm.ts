import { parseOptions } from "@dmrec/core";
import { skewJensenShannonDivergence } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy } from "./matching-strategy";
import { klWeightSchema, regularization } from "./regularization";

export interface CpdmOptions {
  /** The weight β of the match. */
  readonly beta: number;
  /** The weight of KL(q ‖ N(0, I)). @default 1 */
  readonly klWeight?: number;
  /** The weight λ of q in the composite prior. @default 0.5 */
  readonly mixingWeight?: number;
}

const optionsSchema = z.strictObject({
  beta: z.number().nonnegative(),
  klWeight: klWeightSchema,
  mixingWeight: z.number().min(0).max(1).default(0.5),
});

/**
 * Composite Prior for Distribution Matching: KL(q ‖ N(0, I)) + β (KL(q ‖ m) + KL(p_l ‖ m)), where the prior m is
 * a mixture of both distributions, so each of them adapts (Zhang et al. 2025, section 2.4.2, eq. 11–13).
 *
 * @throws InvalidOptionsError
 * @example
 * withMatching(model, { profileEmbeddings: data.profileEmbeddings, strategy: cpdm({ beta: 0.5 }) });
 */
export function cpdm(options: CpdmOptions): MatchingStrategy {
  const { beta, mixingWeight, klWeight } = parseOptions("cpdm", optionsSchema, options);
  return {
    name: "cpdm",
    configuration: { name: "cpdm", beta, mixingWeight, klWeight },
    loss: ({ language, combined }) => ({
      regularization: regularization(combined, klWeight),
      matching: tf.mul(
        beta,
        tf.mean(skewJensenShannonDivergence(combined, language, { weight: mixingWeight })),
      ),
    }),
  };
}
