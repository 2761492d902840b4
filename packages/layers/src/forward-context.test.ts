import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { createForwardContext, createTrainingStates } from "./forward-context";

const batch = {
  itemCount: 3,
  rowCount: 1,
  rows: Int32Array.of(0),
  items: Int32Array.of(2),
  weights: Float32Array.of(1),
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

  it("draws the same for the rows of a batch whatever padding follows them", () => {
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

  it("lets the host make values of the step", () => {
    const made = context(7).feed<tf.Rank.R1>([2], ({ step, random }) => [step, random.uniform()]);
    const again = context(7).feed<tf.Rank.R1>([2], ({ step, random }) => [step, random.uniform()]);
    expect(made.arraySync()[0]).toBe(7);
    expect(again.arraySync()).toEqual(made.arraySync());
  });

  it("shows the host the examples of the step", () => {
    const fed = context(7).feed<tf.Rank.R1>([1], ({ batch }) => ("items" in batch ? batch.items : []));
    expect(fed.arraySync()).toEqual([2]);
  });

  it("reports tensors in training only", () => {
    const reported: number[] = [];
    const of = (training: boolean) =>
      createForwardContext({
        training,
        random: RandomGenerator.fromSeed(1),
        step: 0,
        epoch: 0,
        batch,
        report: (tensor, take) => take(tensor.dataSync<"float32">()),
      });
    for (const training of [false, true])
      of(training).report(tf.scalar(Number(training)), (values) => reported.push(...values));
    expect(reported).toEqual([1]);
  });

  it("gives every pass of a run the same training states, in the order of the requests", () => {
    const states = createTrainingStates();
    const state = (name: string) => ({ name, serialize: () => name, restore: () => {} });
    const pass = () => {
      const own = createForwardContext({
        training: true,
        random: RandomGenerator.fromSeed(1),
        step: 0,
        epoch: 0,
        batch,
        states,
      });
      return [own.trainingState(() => state("first")), own.trainingState(() => state("second"))];
    };
    const [first, second] = pass();
    expect([first.name, second.name]).toEqual(["first", "second"]);
    expect(pass()[0]).toBe(first);
    expect(pass()[1]).toBe(second);
    expect(states.all.map((one) => one.serialize())).toEqual(["first", "second"]);
  });
});
