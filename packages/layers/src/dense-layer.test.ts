import { RandomGenerator, ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { applyDense, denseLayer, embeddingTable } from "./dense-layer";

test("denseLayer draws uniform values in ±1/√inputs, the same for the same seed", () => {
  const make = () => denseLayer(100, 50, RandomGenerator.fromSeed(3));
  const [layer, again] = [make(), make()];
  expect(layer.weights.shape).toEqual([100, 50]);
  expect(layer.bias.shape).toEqual([50]);
  const values = [...layer.weights.values, ...layer.bias.values];
  expect(Math.max(...values)).toBeLessThanOrEqual(0.1);
  expect(Math.max(...values)).toBeGreaterThan(0.099);
  expect(Math.min(...values)).toBeLessThan(-0.099);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.1);
  expect([...again.weights.values, ...again.bias.values]).toEqual(values);
});

test("applyDense is x W + b", () => {
  const layer = {
    weights: tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    bias: tf.tensor1d([10, 20]),
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

test("applyDense leaves nothing but its result", () => {
  const layer = { weights: tf.ones<tf.Rank.R2>([2, 3]), bias: tf.zeros<tf.Rank.R1>([3]) };
  const input = tf.ones<tf.Rank.R2>([1, 2]);
  expect(tensorsLeftBy(() => applyDense(layer, input))).toBe(1);
});

test("embeddingTable's values stay within their bound and reach it", () => {
  const { values } = embeddingTable(50, 100, RandomGenerator.fromSeed(3));
  expect(Math.max(...values)).toBeLessThanOrEqual(0.2);
  expect(Math.max(...values)).toBeGreaterThan(0.199);
  expect(Math.min(...values)).toBeLessThan(-0.199);
});
