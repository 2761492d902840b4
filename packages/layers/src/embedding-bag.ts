import { assertShape, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * x · table for sparse x, `[users, width]`: each user's sum of the table's rows of their items, times the weights.
 *
 * It is the first layer of an encoder and the product with item embeddings, without a dense `[users, items]` input.
 * The gradient goes only to the table, and is not computed if nothing asks for it; the indices and weights are
 * constants. A user without interactions gets zeros.
 *
 * @param table `[items, width]`
 * @throws ShapeMismatchError
 */
export function embeddingBag(
  table: tf.Tensor2D,
  batch: Pick<UserBatch, "userCount" | "rows" | "items" | "weights">,
): tf.Tensor2D {
  const { userCount, rows, items, weights } = batch;
  assertShape("the items of a batch", items.shape, rows.shape);
  assertShape("the weights of a batch", weights.shape, rows.shape);
  const [itemCount, width] = table.shape;
  const bag = tf.customGrad<tf.Tensor2D>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [embeddings, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    // Weights after dropout are made within the differentiated function, which frees what is not saved.
    save([rows, items, weights]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]) => {
      const [rows, items, weights] = saved as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return moveRows(dy, rows, items, weights, [itemCount, width]);
    };
    return { value: moveRows(embeddings, items, rows, weights, [userCount, width]), gradFunc };
  });
  return bag(table);
}

/** Sums weighted rows of `source` into the rows `to` of an array of zeros. */
function moveRows(
  source: tf.Tensor2D,
  from: tf.Tensor1D,
  to: tf.Tensor1D,
  weights: tf.Tensor1D,
  shape: [number, number],
): tf.Tensor2D {
  const weighted = tf.mul(tf.gather(source, from), tf.reshape(weights, [-1, 1]));
  return tf.scatterND(tf.reshape(to, [-1, 1]), weighted, shape);
}
