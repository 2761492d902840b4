import {
  type Constant,
  constant,
  type InteractionMatrix,
  type TensorsOf,
  type TrainingInteractions,
  type UserBatch,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { embeddingBag } from "./embedding-bag";
import { rowSums } from "./row-sums";

/** The scales of a bipartite graph's items, as a part of a model's parameters. */
export type ItemScales = Constant<readonly [number]>;

/** d_i^{-1/2}, `[items]`; 0 for an item without interactions. */
export function itemScales(interactions: TrainingInteractions): ItemScales {
  return constant([interactions.itemCount], inverseRoots(itemDegrees(interactions)));
}

/**
 * The weights of a batch's rows of R̃ = D_u^{-1/2} R D_i^{-1/2}, `[interactions]`. The degrees of users are those of the
 * batch itself.
 *
 * @param scales d_i^{-1/2}, `[items]`
 */
export function normalizedWeights(scales: tf.Tensor1D, batch: UserBatch): tf.Tensor1D {
  const { rows, items, weights } = batch;
  // A row of padding has degree 0: its weights are 0 and must not become 0 / 0.
  const degrees = tf.maximum<tf.Tensor1D>(rowSums(batch, weights), 1e-12);
  return tf.div(tf.mul(weights, tf.gather(scales, items)), tf.sqrt(tf.gather(degrees, rows)));
}

/** The edges of R̃, all of them, as a part of a model's parameters. */
export type InteractionGraph = {
  /** int32 `[edges]` */
  readonly users: Constant<readonly [number]>;
  /** int32 `[edges]` */
  readonly items: Constant<readonly [number]>;
  /** float32 `[edges]`: r_ui / √(d_u d_i) */
  readonly weights: Constant<readonly [number]>;
};

/**
 * The bipartite graph of users and items: each interaction's weight divided by the roots of the degrees of its user and
 * its item.
 */
export function interactionGraph(interactions: TrainingInteractions): InteractionGraph {
  const users = userOfInteraction(interactions);
  const userDegrees = new Float32Array(interactions.userCount);
  users.forEach((user, edge) => {
    userDegrees[user] += interactions.weights[edge];
  });
  const [userScales, scales] = [inverseRoots(userDegrees), inverseRoots(itemDegrees(interactions))];
  const weights = interactions.weights.map(
    (weight, edge) => weight * userScales[users[edge]] * scales[interactions.items[edge]],
  );
  const shape = [users.length] as const;
  return {
    users: constant(shape, users),
    items: constant(shape, interactions.items),
    weights: constant(shape, weights),
  };
}

/** R̃ H: each user's weighted sum over their items, `[users, width]`. */
export function propagateToUsers(
  { users, items, weights }: TensorsOf<InteractionGraph>,
  features: tf.Tensor2D,
  userCount: number,
): tf.Tensor2D {
  return embeddingBag(features, { userCount, rows: users, items, weights });
}

/** R̃ᵀ H: each item's weighted sum over its users, `[items, width]`. */
export function propagateToItems(
  { users, items, weights }: TensorsOf<InteractionGraph>,
  features: tf.Tensor2D,
  itemCount: number,
): tf.Tensor2D {
  return embeddingBag(features, { userCount: itemCount, rows: items, items: users, weights });
}

/** The user of each interaction, `[interactions]`. */
function userOfInteraction({ userCount, offsets, items }: InteractionMatrix): Int32Array {
  const users = new Int32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, offsets[user], offsets[user + 1]);
  return users;
}

function itemDegrees({ itemCount, items, weights }: TrainingInteractions): Float32Array {
  const degrees = new Float32Array(itemCount);
  items.forEach((item, edge) => {
    degrees[item] += weights[edge];
  });
  return degrees;
}

function inverseRoots(degrees: Float32Array): Float32Array {
  return degrees.map((degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0));
}
