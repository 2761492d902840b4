import { arraysByName, InvalidOptionsError, type ParameterTree, type UserBatch } from "@dmrec/core";
import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { type CvgaOptions, cvga } from "./cvga";

/** Three users; no one has item 4. */
const pairs = [
  [0, 0],
  [0, 3],
  [1, 0],
  [1, 1],
  [1, 2],
  [2, 3],
];
const graphOf = (edges: readonly (readonly number[])[]) =>
  asTrainingSplit(
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
function batchOf(...users: number[][]): UserBatch {
  const batch = userBatch(
    5,
    users.map((items) => [...items, 2]),
  );
  const weights = users.flatMap((items) => [...items.map(() => 1), 0]);
  return { ...batch, weights: tf.tensor1d(weights) };
}

/** A model with its tensors. */
function open(options: Partial<CvgaOptions> = {}) {
  const model = cvga({ ...sizes, ...options });
  const parameters = openParameters(model);
  return {
    tensor: (name: string) =>
      tf.tensor(arrays(model).get(name)?.values ?? [], [...(arrays(model).get(name)?.shape ?? [])]),
    encode: (batch: UserBatch) => model.encode(parameters, batch, testContext()),
    scores: (batch: UserBatch) =>
      model.scores(model.prepare?.(parameters) ?? parameters, batch, testContext({ training: false })),
    unpreparedScores: (batch: UserBatch) => model.scores(parameters, batch, testContext({ training: false })),
  };
}

const arrays = ({ parameters }: { readonly parameters: ParameterTree }) => arraysByName(parameters);

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
  it.each([1, 2, 3])("computes its formula with %i layers", (layers) => {
    const model = open({ layers });
    const graph = denseGraph();
    const weights = (layer: number) =>
      tf.reshape<tf.Rank.R2>(model.tensor(`encoder.${layer}.weights`), [layer === 0 ? 5 : 4, -1]);
    const bias = (layer: number) => model.tensor(`encoder.${layer}.bias`);
    let output = tf.add<tf.Tensor2D>(tf.matMul(graph, weights(0)), bias(0));
    for (let layer = 1; layer < layers; layer += 1) {
      const items = tf.matMul(graph, tf.tanh(output), true);
      output = tf.add(tf.matMul(graph, tf.matMul(items, weights(layer))), bias(layer));
    }
    const posterior = model.encode(batchOf([0, 3], [0, 1, 2], [3]));
    expectSame(tf.concat([posterior.mean, posterior.logVariance], 1), output);
  });

  it("encodes a user outside the training data by their items only, with none or unknown ones, too", () => {
    const model = open();
    const known = model.scores(batchOf([0, 3]));
    expectSame(tf.slice(model.scores(batchOf([3, 0], [2, 3])), 0, 1), known);
    const nothing = model.scores(batchOf([]));
    expect(nothing.dataSync().every(Number.isFinite)).toBe(true);
    expectSame(model.scores(batchOf([4])), nothing);
  });

  it("tells graphs of as many edges apart by its configuration", () => {
    const configurationOf = (edges: readonly (readonly number[])[]) => {
      const model = cvga({ ...sizes, interactions: graphOf(edges) });
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
  });

  it("prepares the features of items once, with the scores of raw parameters", () => {
    const model = open({ layers: 3 });
    const batch = batchOf([0, 3], [1]);
    expectSame(model.scores(batch), model.unpreparedScores(batch));
  });

  for (const layers of [1, 2])
    for (const { name, check } of recommenderChecks(() => cvga({ ...sizes, layers })))
      it(`${name}, ${layers} layers`, check);

  it.each([[{ layers: 0 }], [{ dropout: 1 }], [{ latentDimension: 1.5 }], [{ klWeight: -1 }]])(
    "refuses %j",
    (options) => {
      expect(() => cvga({ interactions, ...options })).toThrow(InvalidOptionsError);
    },
  );
});
