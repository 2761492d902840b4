import {
  assertTrainingInteractions,
  constant,
  contentFingerprint,
  type Recommender,
  type TensorsOf,
  type TrainingInteractions,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Popularity: scores each item by the sum of its training interactions' weights, the same for every user.
 *
 * It has no trained parameters, so its loss is 0 and a fit ends without a step.
 *
 * @throws InvalidOptionsError
 * @example
 * const recommender = popularity(data.train);
 */
export function popularity(interactions: TrainingInteractions): Recommender {
  assertTrainingInteractions("popularity", interactions);
  const { itemCount, items, weights } = interactions;
  const sums = new Float32Array(itemCount);
  items.forEach((item, index) => {
    sums[item] += weights[index];
  });
  const parameters = { popularity: constant([1, itemCount], sums) };
  return {
    name: "popularity",
    configuration: { name: "popularity", itemCount, popularityFingerprint: contentFingerprint(sums) },
    itemCount,
    reads: { interactions: false, profile: false, userIndex: false },
    examples: { kind: "users" },
    parameters,
    loss: () => ({ untrained: tf.scalar(0) }),
    scores: ({ popularity }: TensorsOf<typeof parameters>, { userCount }) =>
      tf.add(tf.fill([userCount, 1], 0), popularity),
  };
}
