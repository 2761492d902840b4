import type { InteractionBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The weights of a batch with every user's row scaled to Euclidean length 1, `[interactions]`; an empty row stays empty. */
export function unitLengthWeights({ userCount, rows, weights }: InteractionBatch): tf.Tensor1D {
  const indices = tf.reshape(rows, [-1, 1]);
  const squaredLengths = tf.scatterND(indices, tf.square(weights), [userCount]);
  // A row of padding alone has length 0: its weights are 0 and must not become 0 / 0.
  const lengths = tf.sqrt(tf.maximum(squaredLengths, 1e-12));
  return tf.div(weights, tf.gather(lengths, rows));
}
