import {
  assertItemLists,
  assertTrainingInteractions,
  contentFingerprint,
  type ForwardContext,
  type ItemLists,
  type PairBatch,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
} from "@dmrec/core";
import {
  graphLayers,
  type InteractionGraph,
  interactionGraph,
  type NodeFeatures,
  sumFeatures,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { firstOccurrences } from "./first-occurrences";
import { graphConfiguration, graphModelParameters, graphModelSchema } from "./light-gcn";
import { listedInteractions } from "./listed-interactions";
import { meanContrast } from "./mean-contrast";
import { nearestItems } from "./nearest-items";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLoss } from "./pairwise-ranking";
import { profileTables, type TextGraphModelOptions } from "./profile-tables";
import { unitRows } from "./unit-rows";
import { viewContrast } from "./view-contrast";
import { whitenedTexts } from "./whitened-texts";

export interface ProMaxOptions extends Omit<TextGraphModelOptions, "keepRate"> {
  /**
   * The items of each user in the second graph, such as those that a language model ranked first among items near to the
   * user's profile. A list may be of any length, also empty.
   *
   * @default the nearest items: without a language model
   */
  readonly retrieved?: ItemLists;
  /** The number of nearest items of each user, if `retrieved` is not given. @default 10 */
  readonly retrievedCount?: number;
  /** L, the number of propagations, one or more. @default 3 */
  readonly layers?: number;
  /** a, the weight of the distance to the users' preferences according to the texts. @default 1.5 */
  readonly distillationWeight?: number;
  /** b, the weight of the contrast of the two graphs. @default 0.05 */
  readonly contrastWeight?: number;
  /** The divisor of cosines in the preferences, 0.001 or more. @default 0.2 */
  readonly distillationTemperature?: number;
  /** τ, the divisor of cosines in the contrast, 0.001 or more. @default 0.2 */
  readonly temperature?: number;
}

const optionsSchema = graphModelSchema.omit({ keepRate: true }).extend({
  layers: z.int().positive().default(3),
  retrievedCount: z.int().positive().default(10),
  distillationWeight: z.number().nonnegative().default(1.5),
  contrastWeight: z.number().nonnegative().default(0.05),
  distillationTemperature: z.number().min(0.001).default(0.2),
  temperature: z.number().min(0.001).default(0.2),
});

/**
 * ProMax (Zhang et al. 2026, SIGIR): LightGCN whose users learn the preferences that their profiles suggest, and whose
 * embeddings agree with those of a second graph, of users and items that were retrieved by profile.
 *
 * As in the authors' program, layer 0 is left out of the sum over the layers, and no edge is dropped. It knows users by
 * their index only, so it cannot recommend to new users.
 *
 * Making it takes time on large data: it whitens the texts, and without `retrieved` compares each user with each item.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite, or if there are fewer than two users or items.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = proMax({ interactions: train, profileEmbeddings });
 */
export function proMax(options: ProMaxOptions): Recommender {
  const { interactions, profileEmbeddings, retrieved, ...rest } = options;
  assertTrainingInteractions("proMax", interactions);
  const settings = parseOptions("proMax", optionsSchema, rest);
  const { latentDimension, layers, retrievedCount, l2Weight, seed } = settings;
  const { distillationWeight, contrastWeight, distillationTemperature, temperature } = settings;
  const profiles = profileTables("proMax", profileEmbeddings, interactions);
  if (retrieved) assertItemLists("proMax.retrieved", retrieved, interactions);
  const lists = retrieved ?? nearestItems(profiles, retrievedCount);
  const second = listedInteractions(lists, interactions.itemCount);
  const random = RandomGenerator.fromSeed(seed).fork("pro-max");
  const parameters = {
    ...graphModelParameters(interactions, latentDimension, random),
    secondGraph: interactionGraph(second),
    texts: whitenedTexts(profiles, interactions, latentDimension),
  };
  type Tensors = TensorsOf<typeof parameters>;

  const propagated = (graph: TensorsOf<InteractionGraph>, { users, items }: NodeFeatures) =>
    sumFeatures(graphLayers(graph, { users, items }, layers));

  return {
    name: "pro-max",
    configuration: {
      name: "pro-max",
      ...graphConfiguration(interactions),
      ...settings,
      embeddingsFingerprint: contentFingerprint(profiles.users.values, profiles.items.values),
      secondGraphFingerprint: contentFingerprint(second.offsets, second.items),
      retrieved: retrieved ? "given" : "without a language model",
    },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss({ graph, secondGraph, texts, users, items }: Tensors, batch: PairBatch, context: ForwardContext) {
      const [first, other] = [propagated(graph, { users, items }), propagated(secondGraph, { users, items })];
      const [pairs, otherPairs] = [gatherPairs(first, batch), gatherPairs(other, batch)];
      const firstUsers = firstOccurrences("users", batch, context);
      const firstPositives = firstOccurrences("positives", batch, context);
      const distances = preferenceDistances(
        { user: tf.gather(texts.users, batch.users), items: texts.items },
        { user: pairs.user, items: first.items },
        distillationTemperature,
      );
      const contrast = tf.addN([
        viewContrast(pairs.user, otherPairs.user, firstUsers, temperature),
        viewContrast(pairs.positive, otherPairs.positive, firstPositives, temperature),
        tf.mul<tf.Scalar>(
          0.5,
          meanContrast(pairs.user, otherPairs.positive, otherPairs.positive, temperature),
        ),
        tf.mul<tf.Scalar>(0.5, meanContrast(otherPairs.user, pairs.positive, pairs.positive, temperature)),
      ]);
      return {
        ...rankingLoss(pairs, [users, items], l2Weight),
        distillation: tf.mul<tf.Scalar>(distillationWeight, weightedMean(distances, firstUsers)),
        contrast: tf.mul<tf.Scalar>(contrastWeight, contrast),
      };
    },

    prepare: ({ graph, users, items }: Tensors) => ({ ...propagated(graph, { users, items }) }),

    scores: (prepared: Pick<Tensors, "users" | "items">, batch) => knownUserScores("proMax", prepared, batch),
  };
}

/** The rows of some users and all items in one space. */
interface Preferences {
  /** `[pairs, width]` */
  readonly user: tf.Tensor2D;
  /** `[items, width]` */
  readonly items: tf.Tensor2D;
}

/**
 * w · CE(text, inter) of each row, `[pairs]`, where both are the softmax over all items of cosines/τ. The weight w falls
 * with the entropy of the texts' preferences: clamp(1 − H/log(items), 0.1, 1).
 */
function preferenceDistances(texts: Preferences, embeddings: Preferences, temperature: number): tf.Tensor1D {
  const preferences = ({ user, items }: Preferences) =>
    tf.softmax(tf.div(tf.matMul(unitRows(user), unitRows(items), false, true), temperature));
  const [ofTexts, ofEmbeddings] = [preferences(texts), preferences(embeddings)];
  const crossEntropy = tf.neg(tf.sum(tf.mul(ofTexts, tf.log(tf.add(ofEmbeddings, 1e-8))), 1));
  const entropy = tf.neg(tf.sum(tf.mul(ofTexts, tf.log(tf.maximum(ofTexts, 1e-12))), 1));
  const certainty = tf.sub(1, tf.div(entropy, Math.log(texts.items.shape[0])));
  return tf.mul(tf.clipByValue(certainty, 0.1, 1), crossEntropy);
}

/** Σ w x / Σ w */
function weightedMean(values: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  return tf.div(tf.sum<tf.Scalar>(tf.mul(values, weights)), tf.sum<tf.Scalar>(weights));
}
