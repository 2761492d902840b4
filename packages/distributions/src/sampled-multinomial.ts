import { assertShape, type ItemSample, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { sumByRow } from "./sum-by-row";

type SampledBatch = Pick<UserBatch, "userCount" | "itemCount" | "rows" | "items" | "weights"> & {
  readonly sample: ItemSample;
};

/** Less than any normalizer of ordinary logits, and more than 0. */
const smallestNormalizer = 1e-30;

/** The last layer of a decoder, item by item. */
export interface ItemLayer {
  /** `[items, width]` */
  readonly weights: tf.Tensor2D;
  /** `[items]` */
  readonly bias: tf.Tensor1D;
}

/**
 * −log p(x | z) of a multinomial, as `multinomialNegativeLogLikelihood`, with an estimate of the softmax's normalizer from
 * drawn items (Bengio and Senécal 2008): `[users]`.
 *
 * A user's own items are in the normalizer as they are. Every other drawn item counts with the inverse of its expected
 * number of draws, so the estimate is unbiased for any proposal, and exact if all items are drawn. Only the logits of
 * interactions and drawn items are computed, and only their rows of the layer have a gradient.
 *
 * The interactions of a user are of distinct items; weight 0 is padding.
 *
 * @param hidden The input of the layer, `[users, width]`.
 * @throws ShapeMismatchError
 */
export function sampledMultinomialNegativeLogLikelihood(
  { weights, bias }: ItemLayer,
  hidden: tf.Tensor2D,
  batch: SampledBatch,
): tf.Tensor1D {
  const { userCount, itemCount } = batch;
  const [, width] = weights.shape;
  assertShape("the weights of an item layer", weights.shape, [itemCount, width]);
  assertShape("the input of an item layer", hidden.shape, [userCount, width]);
  return tf.tidy(() => {
    const { drawnLogits, ownLogits } = logitsOf({ weights, bias }, hidden, batch);
    return likelihoodOfLogits(drawnLogits, ownLogits, batch);
  });
}

/** The logits of drawn items, `[users, samples]`, and of interactions, `[interactions]`. */
function logitsOf(
  { weights, bias }: ItemLayer,
  hidden: tf.Tensor2D,
  { rows, items, sample }: SampledBatch,
): { readonly drawnLogits: tf.Tensor2D; readonly ownLogits: tf.Tensor1D } {
  // Gathered apart: an engine that knows the indices before a step can plan how the rows' gradients are added up.
  const drawnLogits = tf.add<tf.Tensor2D>(
    tf.matMul(hidden, gatherRows(weights, sample.items), false, true),
    gatherRows(bias, sample.items),
  );
  const ownLogits = tf.add<tf.Tensor1D>(
    rowProducts(gatherRows(hidden, rows), gatherRows(weights, items)),
    gatherRows(bias, items),
  );
  return { drawnLogits, ownLogits };
}

/** The loss of each user, `[users]`, from the logits of drawn items, `[users, samples]`, and of interactions, `[interactions]`. */
function likelihoodOfLogits(
  drawnLogits: tf.Tensor2D,
  ownLogits: tf.Tensor1D,
  { userCount, rows, weights, sample }: SampledBatch,
): tf.Tensor1D {
  const samples = sample.items.size;
  const likelihood = tf.customGrad<tf.Tensor1D>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [drawnLogits, ownLogits, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const present = tf.cast(tf.greater(weights, 0), "float32");
    // Drawn items that the user has: their own logits are in the normalizer already. The last column takes the rest.
    const hits = tf.scatterND(tf.stack([rows, sample.places], 1), present, [userCount, samples + 1]);
    const others = tf.cast(tf.equal(tf.slice(hits, [0, 0], [userCount, samples]), 0), "float32");
    const corrected = tf.add(drawnLogits, sample.logWeights);
    const highest = tf.max(corrected, 1);
    const above = tf.mul(tf.relu(tf.sub(ownLogits, tf.gather(highest, rows))), present);
    // At least the highest logit of a user, and not much more: the sum of the excesses may be far too high.
    const limit = tf.max(tf.concat([tf.zeros([1]), tf.reshape(above, [-1])]));
    const shift = tf.add(highest, tf.minimum(sumByRow(tf.reshape(above, [-1]), rows, userCount), limit));
    const drawnParts = tf.mul(tf.exp(tf.sub(corrected, tf.reshape(shift, [-1, 1]))), others);
    const shifted = tf.sub(ownLogits, tf.gather(shift, rows));
    const ownParts = tf.mul<tf.Tensor1D>(tf.exp(shifted), present);
    const normalizers = tf.maximum<tf.Tensor1D>(
      tf.add(tf.sum(drawnParts, 1), sumByRow(ownParts, rows, userCount)),
      smallestNormalizer,
    );
    save([drawnParts, ownParts, normalizers, rows, weights]);
    const value = sumByRow(
      tf.mul(weights, tf.sub(tf.gather(tf.log(normalizers), rows), shifted)),
      rows,
      userCount,
    );

    const gradFunc = (dy: tf.Tensor1D, saved: tf.Tensor[]) => {
      const [drawnParts, ownParts, normalizers] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
      const [rows, weights] = saved.slice(3) as [tf.Tensor1D, tf.Tensor1D];
      const factors = tf.div(tf.mul(dy, sumByRow(weights, rows, userCount)), normalizers);
      return [
        tf.mul(drawnParts, tf.reshape(factors, [-1, 1])),
        tf.sub(tf.mul(ownParts, tf.gather(factors, rows)), tf.mul(weights, tf.gather(dy, rows))),
      ];
    };
    return { value, gradFunc };
  });
  return likelihood(drawnLogits, ownLogits);
}

/** The scalar product of each row of one matrix with the same row of another, `[rows]`. */
function rowProducts(left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor1D {
  const [count] = left.shape;
  const products = tf.customGrad<tf.Tensor1D>((...inputs) => {
    const [left, right, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([left, right]);
    // Not as products of matrices, each of which takes ONNX Runtime longer to start than to compute.
    const value = tf.sum<tf.Tensor1D>(tf.mul(left, right), 1);
    // A column of factors: engines then scale rows while they add them up.
    const gradFunc = (dy: tf.Tensor1D, [left, right]: tf.Tensor[]) => {
      const factors = tf.reshape(dy, [count, 1]);
      return [tf.mul(right, factors), tf.mul(left, factors)];
    };
    return { value, gradFunc };
  });
  return products(left, right);
}

/** The rows of a table, whose gradient is added into those rows only. */
function gatherRows<T extends tf.Tensor1D | tf.Tensor2D>(table: T, indices: tf.Tensor1D): T {
  const { shape } = table;
  const gather = tf.customGrad<T>((...inputs) => {
    const [table, save] = inputs as unknown as [T, tf.GradSaveFunc];
    save([indices]);
    const gradFunc = (dy: T, [indices]: tf.Tensor[]) => tf.scatterND(tf.reshape(indices, [-1, 1]), dy, shape);
    return { value: tf.gather(table, indices), gradFunc };
  });
  return gather(table);
}
