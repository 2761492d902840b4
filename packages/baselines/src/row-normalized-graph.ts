import { constant, type TensorsOf, type TrainingInteractions } from "@dmrec/core";
import {
  type InteractionGraph,
  interactionGraph,
  type NodeFeatures,
  propagateToItems,
  propagateToUsers,
} from "@dmrec/layers";
import type * as tf from "@tensorflow/tfjs-core";

/** The edges of a bipartite graph whose weights are divided by the root of the degree of the node that receives. */
export type RowNormalizedGraph = {
  readonly toUsers: InteractionGraph;
  readonly toItems: InteractionGraph;
};

export function rowNormalizedGraph(interactions: TrainingInteractions): RowNormalizedGraph {
  const { userCount, itemCount, weights } = interactions;
  const { users, items, ...graph } = interactionGraph(interactions);
  const scaledBy = (nodes: Int32Array | Float32Array, count: number) => {
    const degrees = new Float32Array(count);
    weights.forEach((weight, edge) => {
      degrees[nodes[edge]] += weight;
    });
    const scaled = weights.map((weight, edge) => weight / Math.sqrt(degrees[nodes[edge]]));
    return { users, items, weights: constant(graph.weights.shape, scaled) };
  };
  return { toUsers: scaledBy(users.values, userCount), toItems: scaledBy(items.values, itemCount) };
}

type Graph = TensorsOf<RowNormalizedGraph>;

/**
 * R̃ of the items' features, and R̃ᵀ of that, each after `activation`: items receive what users have just received.
 *
 * @param users The number of users.
 * @param items `[items, width]`
 */
export function usersThenItems(
  { toUsers, toItems }: Graph,
  users: number,
  items: tf.Tensor2D,
  activation = (features: tf.Tensor2D): tf.Tensor2D => features,
): NodeFeatures {
  const received = activation(propagateToUsers(toUsers, items, users));
  return { users: received, items: activation(propagateToItems(toItems, received, items.shape[0])) };
}

/**
 * R̃ᵀ of the users' features, and R̃ of that.
 *
 * @param users `[users, width]`
 * @param items The number of items.
 */
export function itemsThenUsers({ toUsers, toItems }: Graph, users: tf.Tensor2D, items: number): NodeFeatures {
  const received = propagateToItems(toItems, users, items);
  return { users: propagateToUsers(toUsers, received, users.shape[0]), items: received };
}
