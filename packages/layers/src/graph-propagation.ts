import { type Constant, constant, type InteractionMatrix, type TensorsOf, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { embeddingBag } from "./embedding-bag";
import { rowSums } from "./row-sums";

/** The edges of the normalised graph R̃ as constants, one edge for each interaction. */
export type GraphConstants = {
  /** int32 `[edges]`, ascending: the user of each edge. */
  readonly users: Constant<readonly [number]>;
  /** int32 `[edges]`: the item of each edge. */
  readonly items: Constant<readonly [number]>;
  /** `[edges]`: the entries of R̃. */
  readonly weights: Constant<readonly [number]>;
};

/** The edges of the normalised graph R̃ as tensors. */
export type Graph = TensorsOf<GraphConstants>;

/**
 * The bipartite graph of users and items in which each interaction's weight is divided by the roots of the degrees of
 * its user and its item: R̃ = D_u^{-1/2} R D_i^{-1/2}.
 *
 * @example
 * const parameters = { items: embeddingTable(itemCount, 64, random), graph: normalizedGraph(data.train) };
 * // in a model's loss or prepare:
 * const users = propagateToUsers(graph, items, userCount);
 */
export function normalizedGraph(interactions: InteractionMatrix): GraphConstants {
  const { userCount, offsets, items, weights } = interactions;
  const users = new Int32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, offsets[user], offsets[user + 1]);
  const userScales = inverseRoots(degrees(userCount, users, weights));
  const itemScales = inverseRoots(itemDegrees(interactions));
  const normalized = weights.map(
    (weight, edge) => weight * userScales[users[edge]] * itemScales[items[edge]],
  );
  const shape = [items.length] as const;
  return {
    users: constant(shape, users),
    items: constant(shape, items),
    weights: constant(shape, normalized),
  };
}

/** d_i^{-1/2} of each item, `[items]`; 0 for an item without interactions. */
export function itemScales(interactions: InteractionMatrix): Constant<readonly [number]> {
  return constant([interactions.itemCount], inverseRoots(itemDegrees(interactions)));
}

/** R̃ · table, `[users, width]`: sums over each user's items. */
export function propagateToUsers(graph: Graph, table: tf.Tensor2D, userCount: number): tf.Tensor2D {
  const { users, items, weights } = graph;
  return embeddingBag(table, { userCount, rows: users, items, weights });
}

/** R̃ᵀ · table, `[items, width]`: sums over each item's users. */
export function propagateToItems(graph: Graph, table: tf.Tensor2D, itemCount: number): tf.Tensor2D {
  const { users, items, weights } = graph;
  return embeddingBag(table, { userCount: itemCount, rows: items, items: users, weights });
}

/**
 * The rows of R̃ for the users of a batch, as weights of its interactions, `[interactions]`. Each user's degree is the
 * sum of the batch's own weights, so users who are not in the graph have a row as well.
 *
 * @param scales `[items]`: the tensor of {@link itemScales}.
 */
export function normalizedWeights(
  scales: tf.Tensor1D,
  batch: Pick<UserBatch, "userCount" | "rows" | "items" | "weights">,
): tf.Tensor1D {
  const { rows, items, weights } = batch;
  // A row of only padding has degree 0: its weights are 0 and must not become 0 / 0.
  const degrees = tf.maximum<tf.Tensor1D>(rowSums(batch, weights), 1e-12);
  return tf.div(tf.mul(weights, tf.gather(scales, items)), tf.sqrt(tf.gather(degrees, rows)));
}

function itemDegrees({ itemCount, items, weights }: InteractionMatrix): Float32Array {
  return degrees(itemCount, items, weights);
}

/** The sum of the weights of each node's edges, `[nodes]`. */
function degrees(nodeCount: number, nodes: Int32Array, weights: Float32Array): Float32Array {
  const sums = new Float32Array(nodeCount);
  nodes.forEach((node, edge) => {
    sums[node] += weights[edge];
  });
  return sums;
}

function inverseRoots(degrees: Float32Array): Float32Array {
  return degrees.map((degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0));
}
