import {
  assertTrainingInteractions,
  constant,
  parseOptions,
  type Recommender,
  type TensorsOf,
  type TrainingInteractions,
  UnsupportedError,
} from "@dmrec/core";
import { transposed } from "@dmrec/linear-algebra";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { graphConfiguration } from "./light-gcn";

export interface ItemKnnOptions {
  /** The interactions to count. */
  readonly interactions: TrainingInteractions;
  /** k, the neighbours that each item keeps: the items most similar to it. @default 100 */
  readonly neighbors?: number;
  /** h, which is added to the product of the norms: similarities from few users become smaller. @default 10 */
  readonly shrinkage?: number;
}

const optionsSchema = z.strictObject({
  neighbors: z.int().positive().default(100),
  shrinkage: z.number().nonnegative().default(10),
});

/**
 * Nearest neighbours of items (Deshpande and Karypis 2004): the score of an item is the sum of its similarities to the items
 * that the user interacted with and that have it among their k nearest. The similarity of two items is the cosine of their
 * columns of interactions, shrunk: xᵢ · xⱼ / (‖xᵢ‖ ‖xⱼ‖ + h).
 *
 * Nothing is trained. Users are read from their interactions only, so new users are served, too. It keeps k similarities
 * for each item, `[items, k]`.
 *
 * @throws InvalidOptionsError
 * @example
 * const recommender = itemKnn({ interactions: data.train, neighbors: 50 });
 */
export function itemKnn({ interactions, ...options }: ItemKnnOptions): Recommender {
  assertTrainingInteractions("itemKnn", interactions);
  const settings = parseOptions("itemKnn", optionsSchema, options);
  const { itemCount } = interactions;
  const width = Math.max(1, Math.min(settings.neighbors, itemCount - 1));
  const { items, similarities } = nearestItems(interactions, width, settings.shrinkage);
  const parameters = {
    neighbors: constant([itemCount, width], items),
    similarities: constant([itemCount, width], similarities),
  };
  return {
    name: "item-knn",
    configuration: { name: "item-knn", ...graphConfiguration(interactions), ...settings },
    itemCount,
    reads: { interactions: true, profile: false, userIndex: false },
    examples: { kind: "users" },
    parameters,
    loss: () => ({ untrained: tf.scalar(0) }),

    scores({ neighbors, similarities }: TensorsOf<typeof parameters>, batch) {
      const { userCount, rows, items, weights } = batch;
      assertPlaces(userCount, itemCount);
      const sent = tf.mul(tf.gather(similarities, items), tf.reshape(weights, [-1, 1]));
      const starts = tf.mul(tf.reshape(rows, [-1, 1]), tf.scalar(itemCount, "int32"));
      const places = tf.add(starts, tf.gather(neighbors, items));
      const sums = tf.scatterND(tf.reshape(places, [-1, 1]), tf.reshape(sent, [-1]), [userCount * itemCount]);
      return tf.reshape(sums, [userCount, itemCount]);
    },
  };
}

/** Refuses a batch whose matrix of scores, `[users, items]`, has more elements than an int32 can index. */
function assertPlaces(userCount: number, itemCount: number): void {
  const most = Math.floor((2 ** 31 - 1) / itemCount);
  if (userCount <= most) return;
  throw new UnsupportedError(
    `item-knn scores at most ${most} users of ${itemCount} items at a time, and this batch has ${userCount}; score fewer users at a time`,
  );
}

/** The items most similar to each item, most similar first, `[items, width]`. Missing ones are item 0 with similarity 0. */
function nearestItems(
  { userCount, itemCount, offsets, items, weights }: TrainingInteractions,
  width: number,
  shrinkage: number,
): { readonly items: Int32Array; readonly similarities: Float32Array } {
  const users = transposed({
    rowCount: userCount,
    columnCount: itemCount,
    offsets,
    columns: items,
    values: weights,
  });
  const norms = new Float64Array(itemCount);
  for (let entry = 0; entry < items.length; entry += 1) norms[items[entry]] += weights[entry] ** 2;
  for (let item = 0; item < itemCount; item += 1) norms[item] = Math.sqrt(norms[item]);
  const nearest = new Int32Array(itemCount * width);
  const similarities = new Float32Array(itemCount * width);
  const products = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item += 1) {
    const met: number[] = [];
    for (let place = users.offsets[item]; place < users.offsets[item + 1]; place += 1) {
      const user = users.columns[place];
      for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1) {
        const other = items[entry];
        if (other === item) continue;
        if (products[other] === 0) met.push(other);
        products[other] += users.values[place] * weights[entry];
      }
    }
    const similar = met.map((other) => ({
      other,
      similarity: products[other] / (norms[item] * norms[other] + shrinkage),
    }));
    // Equal similarities by item, so that the order is the same everywhere.
    similar.sort((a, b) => b.similarity - a.similarity || a.other - b.other);
    for (const [rank, { other, similarity }] of similar.slice(0, width).entries()) {
      nearest[item * width + rank] = other;
      similarities[item * width + rank] = similarity;
    }
    for (const other of met) products[other] = 0;
  }
  return { items: nearest, similarities };
}
