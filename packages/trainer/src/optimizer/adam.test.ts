import { inGroup, type ParameterTree, parameter } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { adamScalars, adamSchema, adamStep, assertGroupsExist, resolveSettings } from "./adam";

it.each([
  ["Adam", undefined, 0.1, 0],
  ["AdamW, with settings of its own for a group", "denoiser", 0.02, 0.5],
])("takes the textbook's steps, %s", (_, group, learningRate, weightDecay) => {
  const options = adamSchema.parse({
    learningRate: 0.1,
    parameterGroups: { denoiser: { learningRate: 0.02, weightDecay: 0.5 } },
  });
  let state = { parameter: tf.tensor([1, -2]), mean: tf.zeros([2]), square: tf.zeros([2]) };
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
    state = adamStep(
      state.parameter,
      tf.tensor1d(gradient),
      state,
      scalars,
      resolveSettings(group === undefined ? {} : { group }, options),
    );
  }
  state.parameter.dataSync().forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index], 5);
  });
});

it("refuses settings for a group that the model does not have", () => {
  const layer = () => ({ bias: parameter([2], new Float32Array(2)) });
  const check = (tree: ParameterTree, group: string) =>
    assertGroupsExist(tree, adamSchema.parse({ parameterGroups: { [group]: { learningRate: 0.1 } } }));
  const tree = { encoder: layer(), denoiser: inGroup("denoiser", layer()) };
  expect(() => check(tree, "denoiser")).not.toThrow();
  expect(() => check(tree, "encoder")).toThrow(
    /adam\.parameterGroups: no group "encoder"; expected one of denoiser/,
  );
  expect(() => check({ encoder: layer() }, "denoiser")).toThrow(/this model has no groups/);
});
