import {
  type ForwardContext,
  type InteractionBatch,
  InvalidOptionsError,
  RandomGenerator,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { multVae } from "./mult-vae";

const sizes = { itemCount: 5, hiddenDimension: 4, latentDimension: 3 };
const model = multVae(sizes);
const random = RandomGenerator.fromSeed(1);

/** Two users with items 0, 3 and item 4. */
const batch: InteractionBatch = {
  userCount: 2,
  itemCount: 5,
  users: tf.tensor1d([0, 1], "int32"),
  rows: tf.tensor1d([0, 0, 1], "int32"),
  items: tf.tensor1d([0, 3, 4], "int32"),
  weights: tf.tensor1d([1, 1, 1]),
};

const context = (step = 0): ForwardContext => ({
  training: true,
  normal: (shape) => tf.zeros(shape),
  dropout: (values) => values,
  hostInput: (shape, make) => tf.tensor(Float32Array.from(make({ step, epoch: 0, random })), shape),
  observe: () => {},
});

const scalarValue = (term: tf.Scalar) => term.dataSync()[0];

describe("multVae", () => {
  it("encodes users as Gaussians and scores all items", () => {
    const posterior = model.encode(batch, context());
    expect(posterior.mean.shape).toEqual([2, 3]);
    expect(posterior.logVariance.shape).toEqual([2, 3]);
    expect(model.scores(batch, context()).shape).toEqual([2, 5]);
  });

  it("is the same for the same seed and another for another", () => {
    const [same, other] = [multVae(sizes), multVae({ ...sizes, seed: 1 })];
    const scores = model.scores(batch, context()).dataSync();
    expect(same.scores(batch, context()).dataSync()).toEqual(scores);
    expect(other.scores(batch, context()).dataSync()).not.toEqual(scores);
  });

  it("scores a user by the items they have, in any order and whatever the padding", () => {
    const padded: InteractionBatch = {
      ...batch,
      rows: tf.tensor1d([1, 0, 0, 0], "int32"),
      items: tf.tensor1d([4, 3, 0, 2], "int32"),
      weights: tf.tensor1d([1, 1, 1, 0]),
    };
    const difference = tf.sub(model.scores(batch, context()), model.scores(padded, context()));
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it("ignores the lengths of histories when the input is scaled to unit length", () => {
    const scaled = multVae({ ...sizes, inputScaling: "unit-length" });
    const heavier = { ...batch, weights: tf.mul<tf.Tensor1D>(batch.weights, 7) };
    const difference = tf.sub(scaled.encode(batch, context()).mean, scaled.encode(heavier, context()).mean);
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it("raises the weight of the KL over the annealing steps up to its cap", () => {
    const annealed = multVae({ ...sizes, klWeight: 0.5, annealingSteps: 10 });
    const constant = multVae({ ...sizes, klWeight: 1 });
    const full = scalarValue(constant.loss(batch, context()).regularization);
    const at = (step: number) => scalarValue(annealed.loss(batch, context(step)).regularization) / full;
    expect(at(0)).toBe(0);
    expect(at(5)).toBeCloseTo(0.25, 5);
    expect(at(10)).toBeCloseTo(0.5, 5);
    expect(at(1000)).toBeCloseTo(0.5, 5);
  });

  it("gives a user without interactions finite loss and scores", () => {
    const empty = {
      ...batch,
      rows: tf.tensor1d([], "int32"),
      items: tf.tensor1d([], "int32"),
      weights: tf.tensor1d([]),
    };
    for (const term of Object.values(model.loss(empty, context())))
      expect(Number.isFinite(scalarValue(term))).toBe(true);
    expect(model.scores(empty, context()).dataSync().every(Number.isFinite)).toBe(true);
  });

  it("frees its variables", () => {
    const before = tf.memory().numTensors;
    multVae(sizes).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ itemCount: 0 }, /itemCount/],
    [{ itemCount: 5, dropout: 1 }, /dropout/],
    [{ itemCount: 5, latentDimension: 1.5 }, /latentDimension/],
    [{ itemCount: 5, klWeight: Number.NaN }, /klWeight/],
  ])("refuses %j", (options, message) => {
    expect(() => multVae(options)).toThrow(InvalidOptionsError);
    expect(() => multVae(options)).toThrow(message);
  });
});
