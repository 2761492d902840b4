import {
  type PairBatch,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  UnsupportedError,
} from "@dmrec/core";
import { embeddingTable } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

export interface MatrixFactorizationOptions {
  readonly userCount: number;
  readonly itemCount: number;
  /** Dimensions of the embeddings. @default 32 */
  readonly latentDimension?: number;
  /** λ, the weight of the sum of the squared parameters. @default 1e-6 */
  readonly l2Weight?: number;
  /** @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z.strictObject({
  userCount: z.int().positive(),
  itemCount: z.int().positive(),
  latentDimension: z.int().positive().default(32),
  l2Weight: z.number().nonnegative().default(1e-6),
  seed: z.int().nonnegative().default(2024),
});

/**
 * Matrix factorisation with Bayesian personalised ranking (Rendle et al. 2009): the score of an item is the product of
 * its embedding and the user's, e_u · e_i, trained on pairs of a positive and a sampled negative item.
 *
 * It knows users by their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @example
 * const { userCount, itemCount } = data;
 * const recommender = matrixFactorization({ userCount, itemCount, latentDimension: 64 });
 */
export function matrixFactorization(options: MatrixFactorizationOptions): Recommender {
  const settings = parseOptions("matrixFactorization", optionsSchema, options);
  const { userCount, itemCount, latentDimension, l2Weight, seed } = settings;
  const random = RandomGenerator.fromSeed(seed).fork("matrix-factorization");
  const parameters = {
    users: embeddingTable(userCount, latentDimension, random),
    items: embeddingTable(itemCount, latentDimension, random),
  };
  type Tensors = TensorsOf<typeof parameters>;
  return {
    name: "matrix-factorization",
    configuration: { name: "matrix-factorization", ...settings },
    itemCount,
    userCount,
    reads: { interactions: false, profile: false, userIndex: true },
    examples: { kind: "pairs", negatives: 1 },
    parameters,

    /** mean log(1 + exp(e_u · e_n − e_u · e_p)) and λ ‖θ‖² */
    loss({ users, items }: Tensors, batch: PairBatch) {
      const user = tf.gather(users, batch.users);
      const positive = rowProducts(user, tf.gather(items, batch.positives));
      const negative = rowProducts(user, tf.gather(items, tf.reshape(batch.negatives, [-1])));
      const squares = tf.add(tf.sum(tf.square(users)), tf.sum(tf.square(items)));
      return {
        ranking: tf.mean(tf.softplus(tf.sub(negative, positive))),
        regularization: tf.mul(l2Weight, squares),
      };
    },

    scores({ users, items }: Tensors, batch) {
      if (!batch.users)
        throw new UnsupportedError(
          "matrixFactorization knows users by their index; it cannot score new users",
        );
      return tf.matMul(tf.gather(users, batch.users), items, false, true);
    },
  };
}

/** a · b of each row, `[rows]` */
function rowProducts(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(a, b), 1);
}
