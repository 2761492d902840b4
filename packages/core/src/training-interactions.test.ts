import { expect, it } from "vitest";
import type { TrainingInteractions } from "./contracts/interactions";
import { assertTrainingInteractions } from "./training-interactions";

const train: TrainingInteractions = {
  part: "train",
  userCount: 1,
  itemCount: 1,
  offsets: Int32Array.of(0, 1),
  items: Int32Array.of(0),
  weights: Float32Array.of(1),
};

it("accepts the training part of a dataset only", () => {
  expect(() => assertTrainingInteractions("cvga", train)).not.toThrow();
  // @ts-expect-error
  const heldOut: TrainingInteractions = { ...train, part: "test" };
  for (const wrong of [undefined, heldOut])
    expect(() => assertTrainingInteractions("cvga", wrong)).toThrow(
      "cvga: interactions: expected the training part of a dataset, such as data.train",
    );
});
