import { assertShape, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { sumByRow } from "./sum-by-row";

/**
 * −log p(x | z) of a multinomial over the items, up to the constant of x: −Σ_i x_i log softmax(logits)_i for each user,
 * `[users]` (Liang et al. 2018, eq. 2; Zhang et al. 2025, eq. 18).
 *
 * x is sparse and is never built: the forward pass reads only the logits of the interactions, after the log-sum-exp.
 * The gradient with respect to the logits, n softmax(logits) − x with n = Σ_i x_i, is the one dense array that x is
 * added into. No gradient flows to the weights. An item that a user has twice counts twice; weight 0 is padding.
 *
 * @param logits `[users, items]`
 * @throws ShapeMismatchError
 */
export function multinomialNegativeLogLikelihood(
  logits: tf.Tensor2D,
  batch: Pick<UserBatch, "userCount" | "itemCount" | "rows" | "items" | "weights">,
): tf.Tensor1D {
  const { userCount, itemCount, rows, items, weights } = batch;
  assertShape("the matrix of logits", logits.shape, [userCount, itemCount]);
  assertShape("the items of a batch", items.shape, rows.shape);
  assertShape("the weights of a batch", weights.shape, rows.shape);

  const negativeLogLikelihood = tf.customGrad<tf.Tensor1D>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [values, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const shifted = tf.sub(values, tf.max(values, 1, true));
    const exponentials = tf.exp(shifted);
    const normalizers: tf.Tensor1D = tf.sum(exponentials, 1);
    save([exponentials, normalizers, rows, items, weights]);
    const logits = tf.gatherND(shifted, tf.stack([rows, items], 1));
    const value = sumByRow(
      tf.mul(weights, tf.sub(tf.gather(tf.log(normalizers), rows), logits)),
      rows,
      userCount,
    );

    const gradFunc = (dy: tf.Tensor1D, saved: tf.Tensor[]) => {
      const [exponentials, normalizers] = saved as [tf.Tensor2D, tf.Tensor1D];
      const [rows, items, weights] = saved.slice(2) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      const factors = tf.div(tf.mul(dy, sumByRow(weights, rows, userCount)), normalizers);
      const expected = tf.mul(exponentials, tf.reshape(factors, [-1, 1]));
      const observed = tf.scatterND(tf.stack([rows, items], 1), tf.mul(weights, tf.gather(dy, rows)), [
        userCount,
        itemCount,
      ]);
      return tf.sub(expected, observed);
    };
    return { value, gradFunc };
  });
  return negativeLogLikelihood(logits);
}
