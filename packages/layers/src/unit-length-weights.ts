import type { UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { rowSums } from "./row-sums";

/** The weights of a batch with each user's row scaled to Euclidean length 1, `[interactions]`; an empty row stays empty. */
export function unitLengthWeights(batch: UserBatch): tf.Tensor1D {
  const squaredLengths = rowSums(batch, tf.square(batch.weights));
  // A row of padding only has length 0: its weights are 0 and must not become 0 / 0.
  const lengths = tf.sqrt(tf.maximum(squaredLengths, 1e-12));
  return tf.div(batch.weights, tf.gather(lengths, batch.rows));
}
