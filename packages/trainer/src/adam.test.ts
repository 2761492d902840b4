import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { adamScalars, adamSchema, adamStep } from "./adam";

it("takes the textbook's steps", () => {
  const options = adamSchema.parse({ learningRate: 0.1 });
  let state = { variable: tf.tensor([1, -2]), mean: tf.zeros([2]), square: tf.zeros([2]) };
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
    const { rate, offset } = adamScalars(step - 1, options);
    const scalars = { rate: tf.scalar(rate), offset: tf.scalar(offset) };
    state = adamStep(state.variable, tf.tensor1d(gradient), state, scalars, options);
  }
  state.variable.dataSync().forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index], 5);
  });
});
