import { RandomGenerator, ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { applyDense, denseLayer } from "./dense-layer";
import { tensorsLeftBy } from "./testing/tensor-count";

test("denseLayer draws uniform values in ±1/√inputs, the same for the same seed", () => {
  const make = () => denseLayer(100, 50, RandomGenerator.fromSeed(3));
  const [layer, again] = [make(), make()];
  expect(layer.weights.shape).toEqual([100, 50]);
  expect(layer.bias.shape).toEqual([50]);
  const values = [...layer.weights.dataSync(), ...layer.bias.dataSync()];
  expect(Math.max(...values)).toBeLessThanOrEqual(0.1);
  expect(Math.max(...values)).toBeGreaterThan(0.099);
  expect(Math.min(...values)).toBeLessThan(-0.099);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.1);
  expect([...again.weights.dataSync(), ...again.bias.dataSync()]).toEqual(values);
});

test("applyDense is x W + b", () => {
  const layer = {
    weights: tf.variable(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    ),
    bias: tf.variable(tf.tensor1d([10, 20])),
  };
  expect(
    applyDense(
      layer,
      tf.tensor2d([
        [1, 1],
        [0, 2],
      ]),
    ).arraySync(),
  ).toEqual([
    [14, 26],
    [16, 28],
  ]);
  expect(() => applyDense(layer, tf.tensor2d([[1, 1, 1]]))).toThrow(ShapeMismatchError);
});

test("denseLayer makes its two variables and nothing else, and applyDense its result", () => {
  expect(tensorsLeftBy(() => denseLayer(2, 3, RandomGenerator.fromSeed(3)))).toBe(2);
  const layer = denseLayer(2, 3, RandomGenerator.fromSeed(3));
  const input = tf.ones<tf.Rank.R2>([1, 2]);
  expect(tensorsLeftBy(() => applyDense(layer, input))).toBe(1);
});
