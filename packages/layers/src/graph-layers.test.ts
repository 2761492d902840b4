import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { graphLayers, keptEdges, sumFeatures } from "./graph-layers";
import { interactionGraph } from "./interaction-graph";
import { openParameters, testContext, trainingInteractions } from "./testing";

/** Three users and four items. No one has item 3; the last user has nothing. */
const interactions = trainingInteractions(4, [[0, 1], [1, 2], []]);
const { graph } = openParameters({ parameters: { graph: interactionGraph(interactions) } });
/** Â by its definition: users first, then items. */
const adjacency = (() => {
  const [half, root] = [1 / 2, 1 / Math.sqrt(2)];
  const toItems = [
    [root, half, 0, 0],
    [0, half, root, 0],
    [0, 0, 0, 0],
  ];
  const dense = tf.tensor2d(toItems);
  const above = tf.concat([tf.zeros([3, 3]), dense], 1);
  const below = tf.concat([tf.transpose(dense), tf.zeros([4, 4])], 1);
  return tf.concat([above, below], 0);
})();
const features = {
  users: tf.tensor2d([1, 2, 3, -4, 5, 6], [3, 2]),
  items: tf.tensor2d([1, 0, -1, 2, 0.5, 3, 7, 8], [4, 2]),
};
const nodes = ({ users, items }: typeof features) => tf.concat([users, items], 0);

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(Math.max(...tf.abs(tf.sub(actual, expected)).dataSync())).toBeLessThan(1e-5);
}

it("multiplies the features of all nodes by Â once a layer", () => {
  const [first, second] = graphLayers(graph, features, 2);
  const once = tf.matMul(adjacency, nodes(features));
  expectSame(nodes(first), once);
  expectSame(nodes(second), tf.matMul(adjacency, once));
  expectSame(
    nodes(sumFeatures([features, first, second])),
    tf.addN([nodes(features), nodes(first), nodes(second)]),
  );
});

it("gives a graph with one edge its two ends, and nothing to the others", () => {
  const { graph } = openParameters({
    parameters: { graph: interactionGraph(trainingInteractions(4, [[], [2], []])) },
  });
  const [layer] = graphLayers(graph, features, 1);
  expectSame(layer.users, tf.tensor2d([0, 0, 0.5, 3, 0, 0], [3, 2]));
  expectSame(layer.items, tf.tensor2d([0, 0, 0, 0, 3, -4, 0, 0], [4, 2]));
});

it("has the transposed product as its gradient, also without some edges", () => {
  const kept = { toUsers: tf.tensor1d([1, 0, 1, 1]), toItems: tf.tensor1d([0, 1, 1, 0]) };
  // tf.grads follows a tensor, so the factors are copies.
  const [toUsers, toItems] = [tf.clone(features.users), tf.clone(features.items)];
  const gradients = tf.grads((...inputs) => {
    const [users, items] = inputs as [tf.Tensor2D, tf.Tensor2D];
    const [layer] = graphLayers(graph, { users, items }, 1, kept);
    return tf.add(tf.sum(tf.mul(layer.users, toUsers)), tf.sum(tf.mul(layer.items, toItems)));
  });
  const [users, items] = gradients([features.users, features.items]);
  const root = 1 / Math.sqrt(2);
  // The edges are 0-0, 0-1, 1-1 and 1-2.
  expectSame(users, tf.tensor2d([-0.5, 1, -0.5, 1, 0, 0], [3, 2]));
  expectSame(items, tf.tensor2d([root, 2 * root, 1.5, -2, 3 * root, -4 * root, 0, 0], [4, 2]));
});

it("keeps about the share of the edges that was asked for, each direction by itself, and all for scores", () => {
  const many = trainingInteractions(
    500,
    Array.from({ length: 20 }, () => [...Array(500).keys()]),
  );
  const { graph } = openParameters({ parameters: { graph: interactionGraph(many) } });
  const kept = keptEdges(graph, 0.8, testContext());
  const [toUsers, toItems] = [kept?.toUsers, kept?.toItems].map((mask) => [...(mask?.dataSync() ?? [])]);
  for (const mask of [toUsers, toItems]) {
    expect(new Set(mask)).toEqual(new Set([0, 1]));
    // 10,000 draws: five deviations are 0.02.
    expect(Math.abs(mask.reduce((sum, value) => sum + value, 0) / 10_000 - 0.8)).toBeLessThan(0.02);
  }
  expect(toUsers).not.toEqual(toItems);
  expect(keptEdges(graph, 0.8, testContext({ training: false }))).toBeUndefined();
  expect(keptEdges(graph, 1, testContext())).toBeUndefined();
});
