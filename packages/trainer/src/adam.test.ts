import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { adamScalars, adamSchema, adamStep, assertPartsFit, settingsOf } from "./adam";

it.each([
  ["Adam", "encoder.weights", 0.1, 0],
  ["AdamW, with settings of its own for a part", "collaborative.denoiser.bias", 0.02, 0.5],
])("takes the textbook's steps, %s", (_, name, learningRate, weightDecay) => {
  const options = adamSchema.parse({
    learningRate: 0.1,
    parts: { denoiser: { learningRate: 0.02, weightDecay: 0.5 } },
  });
  let state = { variable: tf.tensor([1, -2]), mean: tf.zeros([2]), square: tf.zeros([2]) };
  // Loshchilov and Hutter (2019), algorithm 2, in double precision.
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
      expected[index] -=
        learningRate * (unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8) + weightDecay * expected[index]);
    });
    const { rate, offset } = adamScalars(step - 1, options);
    const scalars = { rate: tf.scalar(rate), offset: tf.scalar(offset) };
    state = adamStep(state.variable, tf.tensor1d(gradient), state, scalars, settingsOf(name, options));
  }
  state.variable.dataSync().forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index], 5);
  });
});

it("refuses parts that no variable has, and two for one variable", () => {
  const variables = ["encoder.weights", "denoiser.weights"];
  const check = (...parts: string[]) =>
    assertPartsFit(
      variables,
      adamSchema.parse({ parts: Object.fromEntries(parts.map((part) => [part, { learningRate: 0.1 }])) }),
    );
  expect(() => check("encoder", "denoiser.weights")).not.toThrow();
  expect(() => check("code")).toThrow(/"code" is part of no variable; the model has encoder\.weights/);
  expect(() => check("encoder", "weights")).toThrow(/encoder\.weights belongs to encoder and weights/);
});
