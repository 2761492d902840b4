import { RandomGenerator, ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { applyDense, denseLayer, embeddingTable, xavierLayer } from "./dense-layer";
import { openParameters, tensorsLeftBy } from "./testing";

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

test("xavierLayer draws weights of variance 2 / (inputs + outputs), with biases of 0", () => {
  const { weights, bias } = xavierLayer(100, 60, RandomGenerator.fromSeed(3));
  const variance = weights.values.reduce((sum, value) => sum + value ** 2, 0) / weights.values.length;
  expect(Math.abs(variance / (2 / 160) - 1)).toBeLessThan(0.05);
  expect(bias.values).toEqual(new Float32Array(60));
});

test("embeddingTable draws uniform values in ±√(6 / (count + width))", () => {
  const { shape, values } = embeddingTable(52, 2, RandomGenerator.fromSeed(3));
  expect(shape).toEqual([52, 2]);
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(1 / 3);
  expect(largest).toBeGreaterThan(0.3);
});

test("applyDense is x W + b", () => {
  const layer = {
    weights: tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    bias: tf.tensor1d([10, 20]),
  };
  const input = tf.tensor2d([
    [1, 1],
    [0, 2],
  ]);
  expect(applyDense(layer, input).arraySync()).toEqual([
    [14, 26],
    [16, 28],
  ]);
  expect(() => applyDense(layer, tf.tensor2d([[1, 1, 1]]))).toThrow(ShapeMismatchError);
});

test("denseLayer makes no tensors, and applyDense only its result", () => {
  expect(tensorsLeftBy(() => denseLayer(2, 3, RandomGenerator.fromSeed(3)))).toBe(0);
  const layer = openParameters({ parameters: denseLayer(2, 3, RandomGenerator.fromSeed(3)) });
  const input = tf.ones<tf.Rank.R2>([1, 2]);
  expect(tensorsLeftBy(() => applyDense(layer, input))).toBe(1);
});
