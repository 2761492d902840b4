import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { createForwardContext, createTrainingStates } from "./forward-context";

const batch = {
  itemCount: 3,
  rowCount: 0,
  rows: Int32Array.of(),
  items: Int32Array.of(),
  weights: Float32Array.of(),
};

const context = (step: number, seed = 1, training = true) =>
  createForwardContext({ training, random: RandomGenerator.fromSeed(seed), step, epoch: 0, batch });

describe("the forward context", () => {
  it("draws by seed, step and position only", () => {
    const draws = (step: number, seed?: number) => {
      const { normal } = context(step, seed);
      return [normal<tf.Rank.R1>([4]), normal<tf.Rank.R1>([4])].map((noise) => noise.arraySync());
    };
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)[0]).not.toEqual(draws(3)[1]);
    expect(draws(4)).not.toEqual(draws(3));
    expect(draws(3, 2)).not.toEqual(draws(3));
  });

  it("draws the same for the rows of a batch with and without padding after them", () => {
    const values = (length: number) =>
      Array.from(
        context(1)
          .dropout(tf.ones([length]), 0.5)
          .dataSync(),
      );
    expect(values(20).slice(0, 10)).toEqual(values(10));
  });

  it("drops the given share and keeps the expectation", () => {
    const kept: Float32Array = context(0)
      .dropout(tf.ones<tf.Rank.R1>([100_000]), 0.3)
      .dataSync<"float32">();
    const zeros = kept.filter((value) => value === 0).length / kept.length;
    expect(Math.abs(zeros - 0.3)).toBeLessThan(0.01);
    expect(Math.abs(kept.reduce((sum, value) => sum + value, 0) / kept.length - 1)).toBeLessThan(0.01);
  });

  it("drops nothing for scores or at rate 0", () => {
    const values = tf.ones([10]);
    expect(context(0, 1, false).dropout(values, 0.3)).toBe(values);
    expect(context(0).dropout(values, 0)).toBe(values);
  });

  it("feeds values that the host makes of the step and its batch", () => {
    const feed = () =>
      context(7).feed<tf.Rank.R1>([3], ({ step, random, batch }) => [
        step,
        batch.itemCount,
        random.uniform(),
      ]);
    expect(feed().arraySync().slice(0, 2)).toEqual([7, 3]);
    expect(feed().arraySync()).toEqual(feed().arraySync());
  });

  it("reports tensors in training only", () => {
    const reported: number[] = [];
    for (const training of [false, true])
      createForwardContext({
        training,
        random: RandomGenerator.fromSeed(1),
        step: 0,
        epoch: 0,
        batch,
        report: (tensor, take) => take(tensor.dataSync<"float32">()),
      }).report(tf.scalar(Number(training)), (values) => reported.push(...values));
    expect(reported).toEqual([1]);
  });

  it("gives every pass of a run the same training states, by their order", () => {
    const states = createTrainingStates();
    const pass = () => {
      const random = RandomGenerator.fromSeed(1);
      const { trainingState } = createForwardContext({
        training: true,
        random,
        step: 0,
        epoch: 0,
        batch,
        states,
      });
      const create = () => ({ serialize: () => null, restore: () => {} });
      return [trainingState(create), trainingState(create)];
    };
    const first = pass();
    expect(first[0]).not.toBe(first[1]);
    expect(pass()).toEqual(first);
    expect(pass()[0]).toBe(first[0]);
    expect(states.all).toEqual(first);
  });
});
