import type { ForwardContext } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * The weight of a KL that rises linearly from 0 to its cap over some steps (Liang et al. 2018); at its cap for 0 steps.
 * The programs of Liang et al. and Wang et al. 2023 rise by 1 / steps each step, and so reach the cap after cap · steps.
 */
export function annealedWeight(context: ForwardContext, cap: number, steps: number): tf.Scalar {
  return context.feed<tf.Rank.R0>([], ({ step }) => [steps === 0 ? cap : cap * Math.min(1, step / steps)]);
}
