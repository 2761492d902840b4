import { invalidOption, type TrainingInteractions } from "@dmrec/core";

/**
 * Asserts that a model is made from the training part of a dataset, not from the dataset or a held-out part.
 *
 * @param owner The function that was called, for the message.
 * @throws InvalidOptionsError
 */
export function assertTrainingInteractions(
  owner: string,
  interactions: TrainingInteractions | undefined,
): asserts interactions {
  if (interactions?.part === "train" && interactions.items instanceof Int32Array) return;
  throw invalidOption(`${owner}.interactions`, "expected the training part of a dataset, such as data.train");
}
