import {
  InvalidDataError,
  type PairRows,
  parseOptions,
  type RandomGenerator,
  type TrainingInteractions,
} from "@dmrec/core";
import { z } from "zod";

export interface PairBatchesOptions {
  /** Negative items drawn for each interaction. */
  readonly negatives: number;
  /** Interactions in a batch; the last batch may be smaller. */
  readonly batchSize: number;
}

const optionsSchema = z.strictObject({ negatives: z.int().positive(), batchSize: z.int().positive() });

/** Every training interaction once an epoch, with negative items. */
export interface PairBatches {
  /** Interactions of one epoch. */
  readonly pairCount: number;
  readonly batchCount: number;
  /** Users who have interacted with every item. They have no negative item, so their interactions are left out. */
  readonly usersWithoutNegatives: number;
  /**
   * One batch of an epoch. It depends only on the epoch's generator and its index, so an interrupted epoch continues
   * anywhere.
   */
  batch(epoch: RandomGenerator, index: number): PairRows;
}

/**
 * Batches of training interactions, each with items that its user has not interacted with, drawn uniformly and with
 * replacement in each epoch (Rendle et al. 2009).
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError if no user has both an interaction and an item that they have not interacted with.
 * @example
 * const pairs = pairBatches(data.train, { negatives: 1, batchSize: 2048 });
 * const epoch = random.fork("epoch", 0);
 * for (let index = 0; index < pairs.batchCount; index += 1) {
 *   const { users, positives, negatives } = pairs.batch(epoch, index);
 * }
 */
export function pairBatches(interactions: TrainingInteractions, options: PairBatchesOptions): PairBatches {
  const { negatives, batchSize } = parseOptions("pairBatches", optionsSchema, options);
  const { itemCount, userCount, offsets, items } = interactions;
  const userOf = new Int32Array(items.length);
  const pairs = new Int32Array(items.length);
  let [pairCount, usersWithoutNegatives] = [0, 0];
  for (let user = 0; user < userCount; user += 1) {
    const [start, end] = [offsets[user], offsets[user + 1]];
    userOf.fill(user, start, end);
    if (end - start === itemCount) {
      usersWithoutNegatives += 1;
      continue;
    }
    for (let pair = start; pair < end; pair += 1) {
      pairs[pairCount] = pair;
      pairCount += 1;
    }
  }
  if (pairCount === 0) throw noPairs(items.length);
  const present = pairs.subarray(0, pairCount);

  // The order of the epoch in progress: its batches are usually asked for one after another.
  let order: { readonly epoch: RandomGenerator; readonly pairs: Int32Array } | undefined;
  const orderOf = (epoch: RandomGenerator) => {
    if (order?.epoch !== epoch) order = { epoch, pairs: epoch.fork("pairs").shuffle(present.slice()) };
    return order.pairs;
  };
  return {
    pairCount,
    batchCount: Math.ceil(pairCount / batchSize),
    usersWithoutNegatives,
    batch(epoch, index) {
      const batch = orderOf(epoch).subarray(index * batchSize, (index + 1) * batchSize);
      const random = epoch.fork("negatives", index);
      const users = batch.map((pair) => userOf[pair]);
      const drawn = new Int32Array(batch.length * negatives);
      for (let entry = 0; entry < drawn.length; entry += 1) {
        const user = users[Math.floor(entry / negatives)];
        const seenItems = items.subarray(offsets[user], offsets[user + 1]);
        drawn[entry] = drawUnseen(seenItems, itemCount, random);
      }
      return { itemCount, users, positives: batch.map((pair) => items[pair]), negatives: drawn };
    },
  };
}

/**
 * An item that is not among a user's, uniformly: the n-th unseen item for a uniform n. One draw suffices for every user,
 * however many items they have.
 *
 * @param seenItems Ascending.
 */
function drawUnseen(seenItems: Int32Array, itemCount: number, random: RandomGenerator): number {
  const position = random.integer(itemCount - seenItems.length);
  // The number of seen items before the n-th unseen one: seenItems[k] − k unseen items precede the k-th seen one.
  let [low, high] = [0, seenItems.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seenItems[middle] - middle <= position) low = middle + 1;
    else high = middle;
  }
  return position + low;
}

function noPairs(interactionCount: number): InvalidDataError {
  return new InvalidDataError({
    source: "the training interactions",
    actual: interactionCount === 0 ? "none" : "only users who have interacted with every item",
    expected: "a user with an item that they have not interacted with",
  });
}
