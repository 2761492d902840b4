import type { ForwardContext, TensorsOf } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { type InteractionGraph, propagateToItems, propagateToUsers } from "./interaction-graph";

/** Features of all nodes of a bipartite graph, each `[nodes, width]`. */
export interface NodeFeatures {
  readonly users: tf.Tensor2D;
  readonly items: tf.Tensor2D;
}

/** 1 for each edge that is kept and 0 for the others, `[edges]`, by the direction in which features go. */
export interface KeptEdges {
  readonly toUsers: tf.Tensor1D;
  readonly toItems: tf.Tensor1D;
}

/**
 * E¹ … E^L with E^(l+1) = Â E^l, where Â is the normalised adjacency matrix of all users and items (He et al. 2020, eq. 8).
 *
 * The graph is bipartite, so each layer is R̃ times the items' features and R̃ᵀ times the users'.
 */
export function graphLayers(
  graph: TensorsOf<InteractionGraph>,
  features: NodeFeatures,
  layers: number,
  kept?: KeptEdges,
): NodeFeatures[] {
  const masked = (mask?: tf.Tensor1D) =>
    mask ? { ...graph, weights: tf.mul<tf.Tensor1D>(graph.weights, mask) } : graph;
  const [toUsers, toItems] = [masked(kept?.toUsers), masked(kept?.toItems)];
  const [userCount, itemCount] = [features.users.shape[0], features.items.shape[0]];
  const propagated: NodeFeatures[] = [];
  let { users, items } = features;
  for (let layer = 0; layer < layers; layer += 1) {
    [users, items] = [
      propagateToUsers(toUsers, items, userCount),
      propagateToItems(toItems, users, itemCount),
    ];
    propagated.push({ users, items });
  }
  return propagated;
}

/**
 * Draws the edges to keep in a step, each direction of an edge with probability `keepRate`. The others are not scaled up,
 * as in the program of Ren et al. 2024. Undefined if all are kept: at a rate of 1, and for scores.
 */
export function keptEdges(
  { weights }: TensorsOf<InteractionGraph>,
  keepRate: number,
  context: ForwardContext,
): KeptEdges | undefined {
  if (!context.training || keepRate === 1) return undefined;
  const [edges] = weights.shape;
  const draw = () =>
    context.feed<tf.Rank.R1>([edges], ({ random }) =>
      random.fillBernoulli(new Float32Array(edges), keepRate),
    );
  return { toUsers: draw(), toItems: draw() };
}

/** The sum of features, node by node. */
export function sumFeatures(layers: readonly NodeFeatures[]): NodeFeatures {
  return {
    users: tf.addN(layers.map(({ users }) => users)),
    items: tf.addN(layers.map(({ items }) => items)),
  };
}
