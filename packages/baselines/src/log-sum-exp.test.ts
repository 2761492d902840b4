import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { logSumExp } from "./log-sum-exp";

it("is tfjs's logSumExp, with its gradient", () => {
  const rows = tf.tensor2d([1, -2, 0.5, 20, 19, -20], [2, 3]);
  const weights = tf.tensor1d([1.5, -2]);
  const expected = (x: tf.Tensor2D) => tf.logSumExp(x, 1);
  const gradient = (of: (x: tf.Tensor2D) => tf.Tensor) =>
    tf.grad((x) => tf.sum(tf.mul(of(tf.reshape(x, [2, 3])), weights)))(rows);
  for (const [actual, wanted] of [
    [logSumExp(rows), expected(rows)],
    [gradient(logSumExp), gradient(expected)],
  ]) {
    const values = wanted.dataSync();
    actual.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo(values[index], 5);
    });
  }
});
