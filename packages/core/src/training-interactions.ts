import type { TrainingInteractions } from "./contracts/interactions";
import { invalidOption } from "./errors/invalid-options-error";

/**
 * Asserts that a model is made from the training part of a dataset, not from the dataset or from a held-out part.
 *
 * @param owner The function that was called, e.g. `cvga`.
 * @throws InvalidOptionsError
 */
export function assertTrainingInteractions(
  owner: string,
  interactions: TrainingInteractions | undefined,
): asserts interactions {
  if (interactions?.part === "train" && interactions.items instanceof Int32Array) return;
  throw invalidOption(`${owner}.interactions`, "expected the training part of a dataset, such as data.train");
}
