import { arraysByName, type Constant, InvalidOptionsError, type Parameter } from "@dmrec/core";
import {
  type InteractionList,
  openParameters,
  recommenderChecks,
  testContext,
  trainingInteractions,
  userBatch,
} from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { cvga } from "./cvga";

/** The items of three users. No one has item 4. */
const itemsOf = [[0, 3], [0, 1, 2], [3]];
const interactions = trainingInteractions(5, itemsOf);
const sizes = { interactions, latentDimension: 3, hiddenDimension: 4 };
const scoring = testContext({ training: false });

/** A batch with an interaction of padding for each user. */
const batchOf = (...users: InteractionList[]) =>
  userBatch({ itemCount: 5, interactions: users.map((items) => [...items, { item: 2, weight: 0 }]) });

/** R̃ as a dense matrix, by its definition. */
function denseGraph(): tf.Tensor2D {
  const degreeOf = (item: number) => itemsOf.filter((items) => items.includes(item)).length;
  return tf.tensor2d(
    itemsOf.map((items) =>
      Array.from({ length: 5 }, (_, item) =>
        items.includes(item) ? 1 / Math.sqrt(items.length * degreeOf(item)) : 0,
      ),
    ),
  );
}

const toTensor = (array: Parameter | Constant | undefined): tf.Tensor2D => {
  const [rows, columns = 1] = array?.shape ?? [0];
  return tf.tensor2d(array?.values ?? [], array?.shape.length === 1 ? [1, rows] : [rows, columns]);
};

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(Math.max(...tf.abs(tf.sub(actual, expected)).dataSync())).toBeLessThan(1e-6);
}

describe("cvga", () => {
  describe.each([1, 3])("with %i layers", (layers) => {
    it.each(recommenderChecks(() => cvga({ ...sizes, layers })))("$name", ({ check }) => check());
  });

  it.each([1, 2, 3])("computes what the formula says with %i layers", (layers) => {
    const model = cvga({ ...sizes, layers, dropout: 0 });
    const arrays = arraysByName(model.parameters);
    const graph = denseGraph();
    const weights = (layer: number) => toTensor(arrays.get(`encoder.${layer}.weights`));
    const bias = (layer: number) => toTensor(arrays.get(`encoder.${layer}.bias`));
    let output = tf.add<tf.Tensor2D>(tf.matMul(graph, weights(0)), bias(0));
    for (let layer = 1; layer < layers; layer += 1) {
      const items = tf.matMul(graph, tf.tanh(output), true);
      output = tf.add(tf.matMul(graph, tf.matMul(items, weights(layer))), bias(layer));
    }
    const parameters = openParameters(model);
    const prepared = model.prepare?.(parameters) ?? parameters;
    for (const [tensors, context] of [
      [parameters, testContext()],
      [prepared, scoring],
    ] as const) {
      const posterior = model.encode(tensors, batchOf(...itemsOf), context);
      expectSame(tf.concat([posterior.mean, posterior.logVariance], 1), output);
    }
  });

  it("propagates over the whole graph once for all batches, and only with several layers", async () => {
    const model = cvga({ ...sizes, layers: 2 });
    const parameters = openParameters(model);
    const prepared = model.prepare?.(parameters);
    if (!prepared) throw new Error("nothing is prepared");
    const scatters = async (tensors: typeof parameters) => {
      const { kernels } = await tf.profile(() => model.scores(tensors, batchOf([0]), scoring));
      return kernels.filter(({ name }) => name === "ScatterNd").length;
    };
    // The batch's degrees and its bag; unprepared, the two directions of the graph as well.
    expect(await scatters(prepared)).toBe(2);
    expect(await scatters(parameters)).toBe(4);
    expect(cvga(sizes).prepare).toBeUndefined();
    expect([...arraysByName(cvga(sizes).parameters).keys()]).not.toContain("graph.edges.users");
  });

  it("encodes a user outside the training data by their items only, with none or unknown ones too", () => {
    const model = cvga(sizes);
    const parameters = openParameters(model);
    const scores = (...users: InteractionList[]) => model.scores(parameters, batchOf(...users), scoring);
    expectSame(tf.slice(scores([3, 0], [2, 3]), 0, 1), scores([0, 3]));
    const nothing = scores([]);
    expect(nothing.dataSync().every(Number.isFinite)).toBe(true);
    expectSame(scores([4]), nothing);
  });

  it("distinguishes graphs of as many edges by its configuration", () => {
    const configurationOf = (graph: typeof interactions) =>
      cvga({ ...sizes, interactions: graph }).configuration;
    const own = configurationOf(interactions);
    expect(configurationOf(trainingInteractions(5, [[3, 0], [2, 1, 0], [3]]))).toEqual(own);
    const relabelled = trainingInteractions(
      5,
      itemsOf.map((items) => items.map((item) => 4 - item)),
    );
    const exchanged = trainingInteractions(5, itemsOf.toReversed());
    for (const other of [relabelled, exchanged]) {
      expect(configurationOf(other)).not.toEqual(own);
      expect(configurationOf(other)).toMatchObject({ edges: 6, itemCount: 5 });
    }
    const weighted = { ...interactions, weights: interactions.weights.with(0, 2) };
    expect(configurationOf(weighted)).not.toEqual(own);
  });

  it.each([[{ layers: 0 }], [{ dropout: 1 }], [{ latentDimension: 1.5 }], [{ klWeight: -1 }]])(
    "refuses %j",
    (options) => {
      expect(() => cvga({ interactions, ...options })).toThrow(InvalidOptionsError);
    },
  );
});
