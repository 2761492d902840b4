import {
  type LossTerms,
  type PairBatch,
  type TrainingInteractions,
  UnsupportedError,
  type UserBatch,
} from "@dmrec/core";
import type { NodeFeatures } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

/** The part of a description that is the same for all models of pairs with one negative that know users by their index only. */
export function pairsOfKnownUsers({
  userCount,
  itemCount,
}: Pick<TrainingInteractions, "userCount" | "itemCount">) {
  return {
    userCount,
    itemCount,
    reads: { interactions: false, profile: false, userIndex: true },
    examples: { kind: "pairs", negatives: 1 },
  } as const;
}

/** The rows of the users, positives and negatives of a batch, each `[pairs, width]`. */
export interface PairFeatures {
  readonly user: tf.Tensor2D;
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** The rows of a batch with one negative a pair. */
export function gatherPairs({ users, items }: NodeFeatures, batch: PairBatch): PairFeatures {
  return {
    user: tf.gather(users, batch.users),
    positive: tf.gather(items, batch.positives),
    negative: tf.gather(items, tf.reshape(batch.negatives, [-1])),
  };
}

/**
 * The loss of Bayesian personalised ranking with λ ‖θ‖² (Rendle et al. 2009):
 * mean log(1 + exp(e_u · e_n − e_u · e_p)), and the weighted sum of the squares of all parameters.
 */
export function rankingLoss(
  pairs: PairFeatures,
  parameters: readonly tf.Tensor[],
  l2Weight: number,
): { readonly ranking: tf.Scalar; readonly regularization: tf.Scalar } & LossTerms {
  return { ranking: tf.mean(rankingLosses(pairs)), regularization: squaredNorm(parameters, l2Weight) };
}

/** log(1 + exp(e_u · e_n − e_u · e_p)) of each pair, `[pairs]`. */
export function rankingLosses({ user, positive, negative }: PairFeatures): tf.Tensor1D {
  return tf.softplus(tf.sub<tf.Tensor1D>(rowProducts(user, negative), rowProducts(user, positive)));
}

/** λ ‖θ‖² */
export function squaredNorm(parameters: readonly tf.Tensor[], l2Weight: number): tf.Scalar {
  const squares = tf.addN(parameters.map((parameter) => tf.sum<tf.Scalar>(tf.square(parameter))));
  return tf.mul(l2Weight, squares);
}

/**
 * e_u · e_i of all items for each user of a batch, `[users, items]`.
 *
 * @throws UnsupportedError if the users have no index.
 */
export function knownUserScores(
  owner: string,
  { users, items }: NodeFeatures,
  batch: UserBatch,
): tf.Tensor2D {
  if (!batch.users)
    throw new UnsupportedError(`${owner} knows users by their index; it cannot score new users`);
  return tf.matMul(tf.gather(users, batch.users), items, false, true);
}

/** a · b of each row, `[rows]` */
function rowProducts(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(a, b), 1);
}
