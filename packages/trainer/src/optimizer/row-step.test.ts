import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { adamScalars, adamSchema, adamStep, resolveSettings } from "./adam";
import { rowFactors, rowStep } from "./row-step";

beforeAll(() => tf.setBackend("cpu"));

it.each([
  ["Adam", undefined],
  ["AdamW, with settings of its own for a group", "slow"],
])("takes the steps of the whole array, to the bit, %s", (_, group) => {
  const adam = adamSchema.parse({ parameterGroups: { slow: { learningRate: 3e-4, weightDecay: 0.1 } } });
  const settings = resolveSettings(group === undefined ? {} : { group }, adam);
  const random = RandomGenerator.fromSeed(3);
  const drawn = (size: number) => random.fillNormal(new Float32Array(size));
  const block = new Float32Array(5 + 3 * 40);
  block.set(drawn(40), 5);
  let whole = {
    parameter: tf.tensor(block.slice(5, 45)),
    mean: tf.zeros([40]),
    square: tf.zeros([40]),
  };
  for (let step = 0; step < 30; step += 1) {
    const gradient = drawn(40);
    const { rate, offset } = adamScalars(step, adam);
    whole = adamStep(
      whole.parameter,
      tf.tensor(gradient),
      whole,
      { rate: tf.scalar(rate), offset: tf.scalar(offset) },
      settings,
    );
    rowStep({ block, start: 5 }, gradient, rowFactors({ rate, offset }, settings));
  }
  const expected = tf.concat([whole.parameter, whole.mean, whole.square]).dataSync();
  expect(block.subarray(5)).toEqual(expected);
});
