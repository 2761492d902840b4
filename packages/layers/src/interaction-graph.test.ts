import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import {
  interactionGraph,
  itemScales,
  normalizedWeights,
  propagateToItems,
  propagateToUsers,
} from "./interaction-graph";
import { openParameters, trainingInteractions, userBatch } from "./testing";

/** Three users and four items. No one has item 3. */
const interactions = trainingInteractions(4, [[0, { item: 1, weight: 3 }], [1, 2], []]);

/** R̃ by its definition: the degrees are 4, 2, 0 of the users and 1, 4, 1, 0 of the items. */
const dense = tf.tensor2d([
  [1 / 2, 3 / 4, 0, 0],
  [0, 1 / Math.sqrt(8), 1 / Math.sqrt(2), 0],
  [0, 0, 0, 0],
]);

const table = (rows: number) =>
  tf.tensor2d(Array.from({ length: rows }, (_, row) => [row + 1, Math.sin(row)]));

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(Math.max(...tf.abs(tf.sub(actual, expected)).dataSync())).toBeLessThan(1e-6);
}

describe("a normalised graph", () => {
  const { graph, scales } = openParameters({
    parameters: { graph: interactionGraph(interactions), scales: itemScales(interactions) },
  });

  it("propagates from items to users and from users to items", () => {
    expectSame(propagateToUsers(graph, table(4), 3), tf.matMul(dense, table(4)));
    expectSame(propagateToItems(graph, table(3), 4), tf.matMul(dense, table(3), true));
  });

  it("gives the users of a batch their row, by their own degree", () => {
    const batch = userBatch(4, [[1, 2], [{ item: 3, weight: 0 }], [{ item: 0, weight: 4 }]]);
    const weights = [...normalizedWeights(scales, batch).dataSync()];
    const expected = [1 / Math.sqrt(8), 1 / Math.sqrt(2), 0, 4 / Math.sqrt(4)];
    expected.forEach((value, index) => {
      expect(weights[index]).toBeCloseTo(value, 6);
    });
  });
});
