import type { LossTerms } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { loadBackend } from "../engine/eager/tensor-backend";
import { lossAndGradients } from "./gradients";

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
