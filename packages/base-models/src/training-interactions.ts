import { InvalidOptionsError, type TrainingInteractions } from "@dmrec/core";

/**
 * Asserts that a model is made from the training part of a dataset: not from the dataset, nor from what it is measured on.
 *
 * @throws InvalidOptionsError
 */
export function assertTrainingInteractions(
  owner: string,
  interactions: TrainingInteractions | undefined,
): asserts interactions {
  if (interactions?.part === "train" && interactions.items instanceof Int32Array) return;
  const message = "expected the training part of a dataset, such as data.train";
  throw new InvalidOptionsError(owner, [{ path: "interactions", message }]);
}
