import { ShapeMismatchError, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { greatestDifference, type Interaction, matrix, toBatch } from "../../../testing/random-batch";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { sampledMultinomialNegativeLogLikelihood } from "./sampled-multinomial";
import { multinomialNegativeLogLikelihood } from "./sparse-multinomial";

const [userCount, itemCount, width] = [3, 7, 4];
const interactions: readonly Interaction[] = [
  [0, 1, 1],
  [0, 4, 2],
  [1, 6, 1],
  [1, 0, 0.5],
  [1, 2, 1],
];

/** A batch with drawn items of the weights given. */
function batchWith(
  items: readonly number[],
  weights: readonly number[] = items.map(() => 1),
  all = interactions,
) {
  const batch: UserBatch = toBatch({ userCount, itemCount, interactions: all });
  const places = all.map(([, item]) => (items.includes(item) ? items.indexOf(item) : items.length));
  const sample = {
    items: tf.tensor1d([...items], "int32"),
    logWeights: tf.tensor1d(weights.map(Math.log)),
    places: tf.tensor1d(places, "int32"),
  };
  return { ...batch, sample };
}

const everything = [3, 0, 6, 2, 5, 1, 4];
type Tensors = readonly [weights: tf.Tensor2D, bias: tf.Tensor1D, hidden: tf.Tensor2D];
const tensors = (): Tensors => [
  matrix(itemCount, width),
  tf.tensor1d([0.1, -0.4, 0.3, 0, 0.2, -0.2, 0.5]),
  matrix(userCount, width),
];
const gradients = (loss: (...inputs: Tensors) => tf.Tensor1D) =>
  tf.grads((...inputs: tf.Tensor[]) => loss(...(inputs as unknown as Tensors)))(
    [...tensors()],
    tf.tensor1d([1, 0.5, 2]),
  );
const sampled =
  (batch: ReturnType<typeof batchWith>) =>
  (...[weights, bias, hidden]: Tensors) =>
    sampledMultinomialNegativeLogLikelihood({ weights, bias }, hidden, batch);

describeOnEveryBackend("sampledMultinomialNegativeLogLikelihood", () => {
  test("is the full softmax, with its gradients, if all items are drawn", () => {
    const batch = batchWith(everything);
    const full = (...[weights, bias, hidden]: Tensors) =>
      multinomialNegativeLogLikelihood(tf.add(tf.matMul(hidden, weights, false, true), bias), batch);
    expect(greatestDifference(sampled(batch)(...tensors()), full(...tensors()))).toBeLessThan(1e-5);
    const expected = gradients(full);
    for (const [index, gradient] of gradients(sampled(batch)).entries())
      expect(greatestDifference(gradient, expected[index])).toBeLessThan(1e-5);
  });

  test("has a normalizer of the user's items and the weighted others, in closed form", () => {
    const [items, weights] = [
      [4, 3, 6],
      [3, 2, 5],
    ];
    const [table, bias, hidden] = tensors();
    const logits = tf.add<tf.Tensor2D>(tf.matMul(hidden, table, false, true), bias).arraySync();
    const values = sampled(batchWith(items, weights))(table, bias, hidden).arraySync();
    const expected = logits.map((row, user) => {
      const own = interactions.filter(([owner]) => owner === user);
      const isOwn = (item: number) => own.some(([, other]) => other === item);
      const others = items.map((item, place) => (isOwn(item) ? 0 : weights[place] * Math.exp(row[item])));
      const ownParts = own.map(([, item]) => Math.exp(row[item]));
      const normalizer = [...others, ...ownParts].reduce((sum, part) => sum + part, 0);
      return own.reduce((sum, [, item, weight]) => sum + weight * (Math.log(normalizer) - row[item]), 0);
    });
    values.forEach((value, user) => {
      expect(value).toBeCloseTo(expected[user], 4);
    });
  });

  test("has the gradient of its finite differences", () => {
    const batch = batchWith([4, 3], [3, 2]);
    const [table, bias, hidden] = tensors();
    const loss = (weights: tf.Tensor2D) => sampled(batch)(weights, bias, hidden);
    expectGradientsOfFiniteDifferences((weights) => loss(weights as tf.Tensor2D), [table]);
    expectGradientsOfFiniteDifferences(
      (input) => sampled(batch)(table, bias, input as tf.Tensor2D),
      [hidden],
    );
  });

  test("leaves the rows of other items without a gradient", () => {
    const [weights, bias] = gradients(sampled(batchWith([4, 3])));
    // Item 5 is neither drawn nor anybody's.
    expect([...tf.slice(weights, [5, 0], [1, width]).dataSync()]).toEqual([0, 0, 0, 0]);
    expect(bias.dataSync()[5]).toBe(0);
    expect(bias.dataSync()[3]).not.toBe(0);
  });

  test("is not changed by padding", () => {
    const padded = batchWith([4, 3], [1, 1], [...interactions, [2, 0, 0], [2, 0, 0]]);
    const difference = greatestDifference(
      sampled(padded)(...tensors()),
      sampled(batchWith([4, 3]))(...tensors()),
    );
    expect(difference).toBeLessThan(1e-6);
  });

  test("is finite for huge logits, of drawn items or of the user's own", () => {
    for (const scale of [1e3, -1e3, 1e5]) {
      const [weights, bias, hidden] = tensors();
      const value = sampled(batchWith([4, 3]))(tf.mul<tf.Tensor2D>(weights, scale), bias, hidden);
      for (const number of value.dataSync()) expect(number).toSatisfy(Number.isFinite);
    }
  });

  test("is 0 for a batch without interactions", () => {
    expect([...sampled(batchWith([4, 3], [1, 1], []))(...tensors()).dataSync()]).toEqual([0, 0, 0]);
  });

  test("refuses a layer or an input that does not fit", () => {
    const [weights, bias, hidden] = tensors();
    const batch = batchWith([4, 3]);
    expect(() => sampled(batch)(matrix(6, width), bias, hidden)).toThrow(ShapeMismatchError);
    expect(() => sampled(batch)(weights, bias, matrix(userCount, 5))).toThrow(ShapeMismatchError);
  });

  test("leaves nothing but its result", () => {
    const batch = batchWith([4, 3]);
    const given = tensors();
    expect(tensorsLeftBy(() => sampled(batch)(...given))).toBe(1);
  });
});
