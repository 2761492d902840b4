import { InvalidOptionsError, type UserBatch } from "@dmrec/core";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { type MultVaeOptions, multVae } from "./mult-vae";

const sizes = { itemCount: 5, hiddenDimension: 4, latentDimension: 3 };

/** A model with its tensors. */
function open(options: Partial<MultVaeOptions> = {}) {
  const model = multVae({ ...sizes, ...options });
  const parameters = openParameters(model);
  return {
    encode: (batch: UserBatch) => model.encode(parameters, batch, testContext()),
    loss: (batch: UserBatch, step = 0) => model.loss(parameters, batch, testContext({ step })),
    scores: (batch: UserBatch) => model.scores(parameters, batch, testContext({ training: false })),
  };
}

const model = open();
/** Two users with items 0, 3 and item 4. */
const batch = userBatch(5, [[0, 3], [4]]);

const scalarValue = (term: tf.Scalar) => term.dataSync()[0];

describe("multVae", () => {
  it("encodes users as Gaussians and scores all items", () => {
    const posterior = model.encode(batch);
    expect(posterior.mean.shape).toEqual([2, 3]);
    expect(posterior.logVariance.shape).toEqual([2, 3]);
    expect(model.scores(batch).shape).toEqual([2, 5]);
  });

  it("is the same for the same seed and another for another", () => {
    const [same, other] = [open(), open({ seed: 1 })];
    const scores = model.scores(batch).dataSync();
    expect(same.scores(batch).dataSync()).toEqual(scores);
    expect(other.scores(batch).dataSync()).not.toEqual(scores);
  });

  it("scores a user by their items, in any order and with any padding", () => {
    const padded: UserBatch = {
      ...batch,
      rows: tf.tensor1d([1, 0, 0, 0], "int32"),
      items: tf.tensor1d([4, 3, 0, 2], "int32"),
      weights: tf.tensor1d([1, 1, 1, 0]),
    };
    const difference = tf.sub(model.scores(batch), model.scores(padded));
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it("ignores the lengths of histories when the input is scaled to unit length", () => {
    const scaled = open({ inputScaling: "unit-length" });
    const heavier = { ...batch, weights: tf.mul<tf.Tensor1D>(batch.weights, 7) };
    const difference = tf.sub(scaled.encode(batch).mean, scaled.encode(heavier).mean);
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it("raises the weight of the KL over the annealing steps up to its cap", () => {
    const annealed = open({ klWeight: 0.5, annealingSteps: 10 });
    const constant = open({ klWeight: 1 });
    const full = scalarValue(constant.loss(batch).regularization);
    const at = (step: number) => scalarValue(annealed.loss(batch, step).regularization) / full;
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
    for (const term of Object.values(model.loss(empty)))
      expect(Number.isFinite(scalarValue(term))).toBe(true);
    expect(model.scores(empty).dataSync().every(Number.isFinite)).toBe(true);
  });

  it("takes the normalizer of its loss from the items that were drawn, and scores all items", () => {
    const sampled = open({ softmaxSamples: 2, klWeight: 0 });
    const full = open({ klWeight: 0 });
    const drawnOf = (items: readonly number[]) => ({
      ...batch,
      sample: {
        items: tf.tensor1d([...items], "int32"),
        logWeights: tf.zeros<tf.Rank.R1>([items.length]),
        places: tf.tensor1d(
          [0, 3, 4].map((item) => (items.includes(item) ? items.indexOf(item) : items.length)),
          "int32",
        ),
      },
    });
    const expected = scalarValue(full.loss(batch).reconstruction);
    expect(scalarValue(sampled.loss(drawnOf([2, 0, 4, 1, 3])).reconstruction)).toBeCloseTo(expected, 5);
    expect(scalarValue(sampled.loss(drawnOf([2, 0])).reconstruction)).toBeLessThan(expected - 0.1);
    const difference = tf.sub(sampled.scores(batch), full.scores(batch));
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it("asks for drawn items only with a sampled softmax", () => {
    expect(multVae(sizes).examples).toEqual({ kind: "users" });
    const sampledItems = { count: 3, proposal: "popularity" };
    const model = multVae({ ...sizes, softmaxSamples: 3, softmaxProposal: "popularity" });
    expect(model.examples).toEqual({ kind: "users", sampledItems });
  });

  for (const { name, check } of recommenderChecks(() => multVae({ ...sizes, softmaxSamples: 2 })))
    it(`${name}, with a sampled softmax`, check);

  for (const inputScaling of ["none", "unit-length"] as const)
    for (const { name, check } of recommenderChecks(() => multVae({ ...sizes, inputScaling })))
      it(`${name}, input scaling ${inputScaling}`, check);

  it.each([
    [{ itemCount: 0 }, /itemCount/],
    [{ itemCount: 5, dropout: 1 }, /dropout/],
    [{ itemCount: 5, softmaxSamples: -1 }, /softmaxSamples/],
    [{ itemCount: 5, latentDimension: 1.5 }, /latentDimension/],
    [{ itemCount: 5, klWeight: Number.NaN }, /klWeight/],
  ])("refuses %j", (options, message) => {
    expect(() => multVae(options)).toThrow(InvalidOptionsError);
    expect(() => multVae(options)).toThrow(message);
  });
});
