import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { logSumExp } from "./log-sum-exp";

it.each([
  ["small numbers", 20, [1, -2, 0.5, 20, 19, -20]],
  ["numbers without finite exponentials", 1000, [1000, 999, 1e3, -900, -901, -1e3]],
])("is tfjs's logSumExp of %s, with its gradient", (_, bound, values) => {
  const rows = tf.tensor2d(values, [2, 3]);
  const own = (x: tf.Tensor2D) => logSumExp(x, bound);
  const weights = tf.tensor1d([1.5, -2]);
  const expected = (x: tf.Tensor2D) => tf.logSumExp(x, 1);
  const gradient = (of: (x: tf.Tensor2D) => tf.Tensor) =>
    tf.grad((x) => tf.sum(tf.mul(of(tf.reshape(x, [2, 3])), weights)))(rows);
  for (const [actual, wanted] of [
    [own(rows), expected(rows)],
    [gradient(own), gradient(expected)],
  ]) {
    const values = wanted.dataSync();
    actual.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo(values[index], bound > 100 ? 3 : 5);
    });
  }
});
