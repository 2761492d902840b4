import type { LossTerms } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { loadBackend } from "../engine/eager/tensor-backend";
import { clippedGradients, lossAndGradients } from "./gradients";

beforeAll(() => loadBackend("cpu"));

it("leaves no tensors if a loss throws, or its terms cannot be added or differentiated", () => {
  const w = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  const differentiate = (loss: () => LossTerms) => () =>
    tf.tidy(() => void lossAndGradients(new Map([["w", w]]), loss));
  const broken = tf.customGrad(() => ({
    value: tf.scalar(1),
    gradFunc: (): tf.Tensor => {
      throw new RangeError("no gradient");
    },
  }));
  expect(differentiate(() => ({ term: broken(w) }))).toThrow("no gradient");
  expect(differentiate(() => ({}))).toThrow();
  expect(
    differentiate(() => {
      tf.square(tf.sin(w));
      throw new RangeError("no loss");
    }),
  ).toThrow("no loss");
  expect(tf.memory().numTensors).toBe(before);
  w.dispose();
});

it("scales gradients to the greatest norm over all of them, and leaves smaller ones", () => {
  const gradients = new Map<string, tf.Tensor>([
    ["a", tf.tensor1d([3, 0])],
    ["b", tf.tensor2d([[0, -4]])],
  ]);
  const clipped = (maximum?: number) =>
    [...clippedGradients(gradients, maximum).values()].flatMap((gradient) => [...gradient.dataSync()]);
  for (const [maximum, factor] of [
    [2, 2 / 5],
    [4.9, 4.9 / 5],
    [5.1, 1],
    [undefined, 1],
  ] as const)
    clipped(maximum).forEach((slope, index) => {
      expect(slope).toBeCloseTo([3, 0, 0, -4][index] * factor, 5);
    });
});
