import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Adam } from "./adam";

describe("Adam", () => {
  it("takes the textbook's steps", () => {
    const w = tf.variable(tf.tensor1d([1, -2]));
    const adam = new Adam({ learningRate: 0.1 });
    // Kingma and Ba (2015), algorithm 1, in double precision.
    const [expected, mean, square] = [
      [1, -2],
      [0, 0],
      [0, 0],
    ];
    for (let step = 1; step <= 20; step += 1) {
      const gradient = [Math.sin(step), step / 10];
      gradient.forEach((g, index) => {
        mean[index] = 0.9 * mean[index] + 0.1 * g;
        square[index] = 0.999 * square[index] + 0.001 * g * g;
        const [unbiasedMean, unbiasedSquare] = [
          mean[index] / (1 - 0.9 ** step),
          square[index] / (1 - 0.999 ** step),
        ];
        expected[index] -= (0.1 * unbiasedMean) / (Math.sqrt(unbiasedSquare) + 1e-8);
      });
      adam.apply({ w }, new Map([["w", tf.tensor1d(gradient)]]));
    }
    w.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index], 5);
    });
  });

  it("leaves a variable without a gradient alone, and frees its state", () => {
    const before = tf.memory().numTensors;
    const initial = tf.tensor1d([3]);
    const w = tf.variable(initial);
    const adam = new Adam();
    adam.apply({ w }, new Map());
    expect(w.dataSync()[0]).toBe(3);
    adam.dispose();
    tf.dispose([w, initial]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
