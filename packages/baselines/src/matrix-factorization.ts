import { type PairBatch, parseOptions, RandomGenerator, type Recommender, type TensorsOf } from "@dmrec/core";
import { embeddingTable } from "@dmrec/layers";
import { z } from "zod";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLoss } from "./pairwise-ranking";

export interface MatrixFactorizationOptions {
  /** Users that it knows by their index. */
  readonly userCount: number;
  /** Items that it scores. */
  readonly itemCount: number;
  /** Dimensions of the embeddings. @default 32 */
  readonly latentDimension?: number;
  /** λ, the weight of the sum of the squared parameters. @default 1e-6 */
  readonly l2Weight?: number;
  /** The seed of the initial parameters. @default 2024 */
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
    ...pairsOfKnownUsers({ userCount, itemCount }),
    parameters,

    loss: ({ users, items }: Tensors, batch: PairBatch) =>
      rankingLoss(gatherPairs({ users, items }, batch), [users, items], l2Weight),

    scores: ({ users, items }: Tensors, batch) =>
      knownUserScores("matrixFactorization", { users, items }, batch),
  };
}
