import {
  type ForwardContext,
  type InteractionBatch,
  InvalidOptionsError,
  RandomGenerator,
} from "@dmrec/core";
import { interactionMatrix, trainingPart } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { cvga } from "./cvga";

/** Three users; nobody has item 4. */
const pairs = [
  [0, 0],
  [0, 3],
  [1, 0],
  [1, 1],
  [1, 2],
  [2, 3],
];
const graphOf = (edges: readonly (readonly number[])[]) =>
  trainingPart(
    interactionMatrix({
      userCount: 3,
      itemCount: 5,
      users: Int32Array.from(edges, ([user]) => user),
      items: Int32Array.from(edges, ([, item]) => item),
    }),
  );
const interactions = graphOf(pairs);
const sizes = { interactions, latentDimension: 3, hiddenDimension: 4 };

/** Users by their items, with an interaction of padding for each. */
function batchOf(...users: number[][]): InteractionBatch {
  const padded = users.map((items) => [...items.map((item) => [item, 1]), [2, 0]]);
  return {
    userCount: users.length,
    itemCount: 5,
    users: tf.tensor1d(
      users.map(() => 0),
      "int32",
    ),
    rows: tf.tensor1d(
      padded.flatMap((items, row) => items.map(() => row)),
      "int32",
    ),
    items: tf.tensor1d(
      padded.flatMap((items) => items.map(([item]) => item)),
      "int32",
    ),
    weights: tf.tensor1d(padded.flatMap((items) => items.map(([, weight]) => weight))),
  };
}

const context: ForwardContext = {
  training: true,
  normal: (shape) => tf.zeros(shape),
  dropout: (values) => values,
  hostInput: (shape, make) =>
    tf.tensor(Float32Array.from(make({ step: 0, epoch: 0, random: RandomGenerator.fromSeed(1) })), shape),
  observe: () => {},
};

/** R̃ as a dense matrix, by its definition. */
function denseGraph(): tf.Tensor2D {
  const degree = (column: 0 | 1, index: number) => pairs.filter((pair) => pair[column] === index).length;
  const matrix = Array.from({ length: 3 }, () => new Array<number>(5).fill(0));
  for (const [user, item] of pairs) matrix[user][item] = 1 / Math.sqrt(degree(0, user) * degree(1, item));
  return tf.tensor2d(matrix);
}

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(Math.max(...tf.abs(tf.sub(actual, expected)).dataSync())).toBeLessThan(1e-6);
}

describe("cvga", () => {
  it.each([1, 2, 3])("computes what the formula says with %i layers", (layers) => {
    const model = cvga({ ...sizes, layers });
    const graph = denseGraph();
    const weights = (layer: number) => model.variables[`encoder.${layer}.weights`] as tf.Variable<tf.Rank.R2>;
    const bias = (layer: number) => model.variables[`encoder.${layer}.bias`];
    let output = tf.add<tf.Tensor2D>(tf.matMul(graph, weights(0)), bias(0));
    for (let layer = 1; layer < layers; layer += 1) {
      const items = tf.matMul(graph, tf.tanh(output), true);
      output = tf.add(tf.matMul(graph, tf.matMul(items, weights(layer))), bias(layer));
    }
    const posterior = model.encode(batchOf([0, 3], [0, 1, 2], [3]), context);
    expectSame(tf.concat([posterior.mean, posterior.logVariance], 1), output);
    model.dispose();
  });

  it("encodes somebody outside the training data by their items alone, with none or unknown ones too", () => {
    const model = cvga(sizes);
    const known = model.scores(batchOf([0, 3]), context);
    expectSame(tf.slice(model.scores(batchOf([3, 0], [2, 3]), context), 0, 1), known);
    const nothing = model.scores(batchOf([]), context);
    expect(nothing.dataSync().every(Number.isFinite)).toBe(true);
    expectSame(model.scores(batchOf([4]), context), nothing);
    model.dispose();
  });

  it("tells graphs of as many edges apart by its configuration", () => {
    const configurationOf = (edges: readonly (readonly number[])[]) => {
      const model = cvga({ ...sizes, interactions: graphOf(edges) });
      model.dispose();
      return model.configuration;
    };
    const own = configurationOf(pairs);
    expect(configurationOf(pairs.toReversed())).toEqual(own);
    const relabelled = pairs.map(([user, item]) => [user, 4 - item]);
    const exchanged = pairs.map(([user, item]) => [2 - user, item]);
    for (const other of [relabelled, exchanged]) {
      expect(configurationOf(other)).not.toEqual(own);
      expect(configurationOf(other)).toMatchObject({ edges: 6, itemCount: 5 });
    }
    const weighted = { ...interactions, weights: interactions.weights.with(0, 2) };
    const model = cvga({ ...sizes, interactions: weighted });
    expect(model.configuration).not.toEqual(own);
    model.dispose();
  });

  it("frees everything it holds", () => {
    const before = tf.memory().numTensors;
    cvga({ ...sizes, layers: 2 }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([[{ layers: 0 }], [{ dropout: 1 }], [{ latentDimension: 1.5 }], [{ klWeight: -1 }]])(
    "refuses %j",
    (options) => {
      expect(() => cvga({ interactions, ...options })).toThrow(InvalidOptionsError);
    },
  );
});
