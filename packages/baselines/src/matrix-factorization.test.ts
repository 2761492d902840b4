import { arraysByName, InvalidOptionsError, UnsupportedError } from "@dmrec/core";
import { pairBatch, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { matrixFactorization } from "./matrix-factorization";

const sizes = { userCount: 3, itemCount: 5, latentDimension: 2 };
const context = testContext();

/** Embeddings whose products are easy to see. */
const embeddings = {
  users: tf.tensor2d([
    [1, 0],
    [0, 2],
    [1, 1],
  ]),
  items: tf.tensor2d([
    [1, 0],
    [0, 1],
    [3, 2],
    [0, 0],
    [-1, 1],
  ]),
};

describe("matrixFactorization", () => {
  for (const { name, check } of recommenderChecks(() => matrixFactorization(sizes))) it(name, check);

  it("scores an item by the product of the embeddings", () => {
    const batch = userBatch(5, [[], []], { users: [1, 2] });
    const scores = matrixFactorization(sizes).scores(embeddings, batch, context);
    expect(scores.arraySync()).toEqual([
      [0, 2, 4, 0, 2],
      [1, 1, 5, 0, 0],
    ]);
  });

  it("compares each positive item with its negative one, and adds λ ‖θ‖²", () => {
    const batch = pairBatch(5, [
      { user: 0, positive: 2, negatives: [4] },
      { user: 1, positive: 0, negatives: [1] },
    ]);
    const { ranking, regularization } = matrixFactorization({ ...sizes, l2Weight: 0.5 }).loss(
      embeddings,
      batch,
      context,
    );
    const softplus = (value: number) => Math.log1p(Math.exp(value));
    expect(ranking.dataSync()[0]).toBeCloseTo((softplus(-1 - 3) + softplus(2 - 0)) / 2, 5);
    expect(regularization.dataSync()[0]).toBeCloseTo(0.5 * (1 + 4 + 2 + 1 + 1 + 13 + 2), 5);
  });

  it("learns to rank the items that users have first", () => {
    const model = matrixFactorization(sizes);
    const tables = [...arraysByName(model.parameters).values()].map(({ shape, values }) =>
      tf.variable(tf.tensor2d(values, [shape[0], shape[1]])),
    );
    const variables = { users: tables[0], items: tables[1] };
    const batch = pairBatch(5, [
      { user: 0, positive: 0, negatives: [1] },
      { user: 0, positive: 0, negatives: [4] },
      { user: 1, positive: 4, negatives: [0] },
      { user: 1, positive: 4, negatives: [2] },
    ]);
    const optimizer = tf.train.sgd(1);
    for (let step = 0; step < 200; step += 1)
      optimizer.minimize(() => model.loss(variables, batch, context).ranking);
    const people = userBatch(5, [[], []]);
    const [first, second] = model.scores(variables, people, context).arraySync();
    expect(Math.max(first[1], first[4])).toBeLessThan(first[0]);
    expect(Math.max(second[0], second[2])).toBeLessThan(second[4]);
  });

  it("refuses users without an index, and options out of range", () => {
    const strangers = userBatch(5, [[0]], { users: "unknown" });
    expect(() => matrixFactorization(sizes).scores(embeddings, strangers, context)).toThrow(
      expect.toSatisfy((error) => UnsupportedError.isInstance(error)),
    );
    expect(() => matrixFactorization({ ...sizes, l2Weight: -1 })).toThrow(InvalidOptionsError);
    expect(() => matrixFactorization({ ...sizes, userCount: 0 })).toThrow(/userCount/);
  });
});
