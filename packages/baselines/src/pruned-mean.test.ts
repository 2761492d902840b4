import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { prunedMean } from "./pruned-mean";

const losses = [0.5, 3, 1, 2, 0.1, 4, 0.2];

it.each([
  ["smallest", 0.5, [3, 2, 4], [0, 1, 0, 1, 0, 1, 0]],
  ["largest", 0.5, [0.5, 0.1, 0.2], [1, 0, 0, 0, 1, 0, 1]],
  ["smallest", 0.71, [3, 4], [0, 1, 0, 0, 0, 1, 0]],
  ["largest", 0, losses, [1, 1, 1, 1, 1, 1, 1]],
  ["smallest", 0.99, [4], [0, 0, 0, 0, 0, 1, 0]],
] as const)(
  "leaves out the %s losses, a share of %d, and passes no gradient to them",
  (pruned, share, kept, chosen) => {
    const { value, grad } = tf.valueAndGrad((x) =>
      tf.mul(2, prunedMean(tf.reshape<tf.Rank.R1>(x, [-1]), share, pruned)),
    )(tf.tensor1d(losses));
    const mean = kept.reduce((sum, loss) => sum + loss, 0) / kept.length;
    expect(value.dataSync()[0]).toBeCloseTo(2 * mean, 5);
    grad.dataSync().forEach((slope, index) => {
      expect(slope).toBeCloseTo((2 * chosen[index]) / kept.length, 5);
    });
  },
);
