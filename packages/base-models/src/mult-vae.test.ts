import { arraysByName, InvalidOptionsError } from "@dmrec/core";
import {
  openParameters,
  recommenderChecks,
  type TestContextOptions,
  testContext,
  userBatch,
} from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { type MultVaeOptions, multVae } from "./mult-vae";

const sizes = { itemCount: 5, hiddenDimension: 4, latentDimension: 3 };

/** Two users, with items 0, 3 and item 4. */
const batch = userBatch({ itemCount: 5, interactions: [[0, 3], [4]] });
const empty = userBatch({ itemCount: 5, interactions: [[], []] });

/** A model with the values that the tests look at. */
function opened(options: Partial<MultVaeOptions> = {}) {
  const model = multVae({ ...sizes, ...options });
  const parameters = openParameters(model);
  const scoring = testContext({ training: false });
  return {
    encode: (users = batch) => model.encode(parameters, users, scoring),
    scores: (users = batch) => model.scores(parameters, users, scoring),
    loss: (context?: TestContextOptions, users = batch) =>
      model.loss(parameters, users, testContext(context)),
  };
}

const scalarValue = (term: tf.Scalar) => term.dataSync()[0];
const largest = (x: tf.Tensor) => Math.max(...tf.abs(x).dataSync());

describe("multVae", () => {
  it.each(recommenderChecks(() => multVae({ ...sizes, annealingSteps: 5 })))("$name", ({ check }) => check());

  it("encodes users as Gaussians and scores all items", () => {
    const posterior = opened().encode();
    expect(posterior.mean.shape).toEqual([2, 3]);
    expect(posterior.logVariance.shape).toEqual([2, 3]);
    expect(opened().scores().shape).toEqual([2, 5]);
  });

  it("names its parameters by its layers", () => {
    expect([...arraysByName(multVae(sizes).parameters).keys()]).toEqual([
      "encoder.hidden.weights",
      "encoder.hidden.bias",
      "encoder.output.weights",
      "encoder.output.bias",
      "decoder.hidden.weights",
      "decoder.hidden.bias",
      "decoder.output.weights",
      "decoder.output.bias",
    ]);
  });

  it("is the same for the same seed and another for another", () => {
    const scores = opened().scores().dataSync();
    expect(opened().scores().dataSync()).toEqual(scores);
    expect(opened({ seed: 1 }).scores().dataSync()).not.toEqual(scores);
  });

  it("scores a user by the items they have, in any order and with any padding", () => {
    const padding = { item: 2, weight: 0 };
    const padded = userBatch({ itemCount: 5, interactions: [[3, 0, padding], [4]] });
    expect(largest(tf.sub(opened().scores(), opened().scores(padded)))).toBeLessThan(1e-6);
  });

  it("ignores the lengths of histories if the input is scaled to unit length", () => {
    const { encode } = opened({ inputScaling: "unit-length" });
    const heavier = { ...batch, weights: tf.mul<tf.Tensor1D>(batch.weights, 7) };
    expect(largest(tf.sub(encode().mean, encode(heavier).mean))).toBeLessThan(1e-6);
  });

  it("raises the weight of the KL over the annealing steps up to its cap", () => {
    const annealed = opened({ klWeight: 0.5, annealingSteps: 10, dropout: 0 });
    const constant = opened({ klWeight: 1, dropout: 0 });
    const full = scalarValue(constant.loss().regularization);
    const at = (step: number) => scalarValue(annealed.loss({ step }).regularization) / full;
    expect(at(0)).toBe(0);
    expect(at(5)).toBeCloseTo(0.25, 5);
    expect(at(10)).toBeCloseTo(0.5, 5);
    expect(at(1000)).toBeCloseTo(0.5, 5);
  });

  it("gives a user without interactions finite loss and scores", () => {
    for (const term of Object.values(opened().loss({}, empty)))
      expect(Number.isFinite(scalarValue(term))).toBe(true);
    expect(opened().scores(empty).dataSync().every(Number.isFinite)).toBe(true);
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
