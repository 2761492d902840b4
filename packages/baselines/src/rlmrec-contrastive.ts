import {
  assertTrainingInteractions,
  contentFingerprint,
  type ForwardContext,
  type PairBatch,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
} from "@dmrec/core";
import { keptEdges } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import {
  graphConfiguration,
  graphModelParameters,
  graphModelSchema,
  propagatedEmbeddings,
} from "./light-gcn";
import { meanContrast } from "./mean-contrast";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLoss } from "./pairwise-ranking";
import {
  profileTables,
  project,
  projection,
  projectionArrays,
  type TextGraphModelOptions,
} from "./profile-tables";
import { smoothUnitRows } from "./unit-rows";

export interface RlmRecContrastiveOptions extends TextGraphModelOptions {
  /** λ, the weight of the sum of the squared parameters. @default 1e-7 */
  readonly l2Weight?: number;
  /** w, the weight of the contrast with the texts. @default 0.01 */
  readonly textWeight?: number;
  /** τ, the divisor of cosines, 0.001 or more. @default 0.2 */
  readonly temperature?: number;
}

const optionsSchema = graphModelSchema.extend({
  l2Weight: z.number().nonnegative().default(1e-7),
  textWeight: z.number().nonnegative().default(0.01),
  temperature: z.number().min(0.001).default(0.2),
});

/**
 * RLMRec-C (Ren et al. 2024): LightGCN whose embeddings are drawn to the projected text embeddings of the same user or
 * item, and away from those of others.
 *
 * It knows users by their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = rlmRecContrastive({ interactions: train, profileEmbeddings });
 */
export function rlmRecContrastive(options: RlmRecContrastiveOptions): Recommender {
  const { interactions, profileEmbeddings, ...rest } = options;
  assertTrainingInteractions("rlmRecContrastive", interactions);
  const settings = parseOptions("rlmRecContrastive", optionsSchema, rest);
  const { latentDimension, layers, keepRate, l2Weight, textWeight, temperature, seed } = settings;
  const texts = profileTables("rlmRecContrastive", profileEmbeddings, interactions);
  const random = RandomGenerator.fromSeed(seed).fork("rlmrec-contrastive");
  const parameters = {
    ...graphModelParameters(interactions, latentDimension, random),
    projection: projection(texts.users.shape[1], latentDimension, random),
    texts,
  };
  type Tensors = TensorsOf<typeof parameters>;
  return {
    name: "rlmrec-contrastive",
    configuration: {
      name: "rlmrec-contrastive",
      ...graphConfiguration(interactions),
      ...settings,
      embeddingsFingerprint: contentFingerprint(texts.users.values, texts.items.values),
    },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss({ graph, users, items, projection, texts }: Tensors, batch: PairBatch, context: ForwardContext) {
      const kept = keptEdges(graph, keepRate, context);
      const pairs = gatherPairs(propagatedEmbeddings(graph, { users, items }, layers, kept), batch);
      const everyone = project(projection, texts.users);
      const described = {
        user: tf.gather(everyone, batch.users),
        positive: project(projection, tf.gather(texts.items, batch.positives)),
        negative: project(projection, tf.gather(texts.items, tf.reshape(batch.negatives, [-1]))),
      };
      const contrastWith = (a: tf.Tensor2D, b: tf.Tensor2D, candidates: tf.Tensor2D) =>
        meanContrast(a, b, candidates, temperature, smoothUnitRows);
      const contrast = tf.addN([
        contrastWith(pairs.user, described.user, everyone),
        contrastWith(pairs.positive, described.positive, described.positive),
        contrastWith(pairs.negative, described.negative, described.negative),
      ]);
      const trained = [users, items, ...projectionArrays(projection)];
      return { ...rankingLoss(pairs, trained, l2Weight), texts: tf.mul<tf.Scalar>(textWeight, contrast) };
    },

    prepare: ({ graph, users, items }: Tensors) => ({
      ...propagatedEmbeddings(graph, { users, items }, layers),
    }),

    scores: (propagated: Pick<Tensors, "users" | "items">, batch) =>
      knownUserScores("rlmRecContrastive", propagated, batch),
  };
}
