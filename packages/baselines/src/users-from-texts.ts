import type { UserBatch } from "@dmrec/core";
import { embeddingBag, normalizedWeights } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

// Users whose layer 0 is made of a text need no row of their own: the other layers are sums over their items.

/**
 * E⁰ + … + E^(L−1) of the items, which users sum over theirs, `[items, latent]`; zeros without propagations.
 *
 * @param items E⁰ … E^L
 */
export function sentToUsers(items: readonly tf.Tensor2D[]): tf.Tensor2D {
  return items.length === 1 ? tf.zerosLike(items[0]) : tf.addN(items.slice(0, -1));
}

/** E¹ + … + E^L of the users of a batch, `[users, latent]`. */
export function receivedByUsers(sent: tf.Tensor2D, itemScales: tf.Tensor1D, batch: UserBatch): tf.Tensor2D {
  return embeddingBag(sent, { ...batch, weights: normalizedWeights(itemScales, batch) });
}
