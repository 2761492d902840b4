import * as tf from "@tensorflow/tfjs-core";

/** The losses that a pruned mean leaves out. */
export type PrunedLosses = "smallest" | "largest";

/**
 * The mean of the losses that are left without a share of the smallest or largest ones; of ⌊(1 − share) n⌋ losses, and one
 * at least.
 *
 * @param losses `[n]`
 */
export function prunedMean(losses: tf.Tensor1D, share: number, pruned: PrunedLosses): tf.Scalar {
  const count = losses.size;
  const kept = Math.max(Math.floor((1 - share) * count), 1);
  // tfjs cannot differentiate a choice of the greatest values.
  const mean = tf.customGrad<tf.Scalar>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [values, save] = inputs as [tf.Tensor1D, tf.GradSaveFunc];
    const { indices } = tf.topk(pruned === "smallest" ? values : tf.neg(values), kept);
    const shares = tf.scatterND(tf.reshape(indices, [-1, 1]), tf.fill([kept], 1 / kept), [count]);
    save([shares]);
    return {
      value: tf.sum<tf.Scalar>(tf.mul(values, shares)),
      gradFunc: (dy: tf.Scalar, [saved]: tf.Tensor[]) => tf.mul(dy, saved),
    };
  });
  return mean(losses);
}
