import {
  assertTrainingInteractions,
  contentFingerprint,
  type ForwardContext,
  type PairBatch,
  type Parameter,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorBranch,
  type TensorsOf,
} from "@dmrec/core";
import {
  embeddingTable,
  graphLayers,
  type InteractionGraph,
  type ItemScales,
  interactionGraph,
  itemScales,
  keptEdges,
  type NodeFeatures,
  profilesOf,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type HybridExperts, hybridExpertArrays, hybridExperts, mixExperts } from "./expert-mixture";
import { graphConfiguration, graphModelSchema, propagatedEmbeddings } from "./light-gcn";
import { gatherPairs, knownUserScores, rankingLoss } from "./pairwise-ranking";
import { type ProfileTables, profileTables, type TextGraphModelOptions } from "./profile-tables";
import { receivedByUsers, sentToUsers } from "./users-from-texts";

export interface KarOptions extends TextGraphModelOptions {
  /**
   * The features of a user in layer 0: what the adaptor makes of their profile, so that new users are served, or that and
   * a trained embedding, as items have, which serves known users only.
   *
   * @default "profiles"
   */
  readonly users?: "profiles" | "embeddings";
  /** Width of an expert's hidden layer. @default 128 */
  readonly hiddenDimension?: number;
  /** Experts for the texts of users and of items. @default 2 */
  readonly sharedExperts?: number;
  /** Further experts for each of the two. @default 5 */
  readonly specificExperts?: number;
}

const optionsSchema = graphModelSchema.extend({
  users: z.enum(["profiles", "embeddings"]).default("profiles"),
  hiddenDimension: z.int().positive().default(128),
  sharedExperts: z.int().nonnegative().default(2),
  specificExperts: z.int().positive().default(5),
});

/**
 * KAR (Xi et al. 2024) on LightGCN: a mixture of experts adapts the texts of users and items, and its output is a part of
 * the features that the graph propagates. Everything is trained on pairs with LightGCN's loss.
 *
 * The publication adapts texts for click-through rates. The port to LightGCN is this project's own.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = kar({ interactions: train, profileEmbeddings });
 */
export function kar(options: KarOptions): Recommender {
  const { interactions, profileEmbeddings, ...rest } = options;
  assertTrainingInteractions("kar", interactions);
  const settings = parseOptions("kar", optionsSchema, rest);
  const { users, latentDimension, layers, keepRate, l2Weight, seed } = settings;
  const { userCount, itemCount } = interactions;
  const texts = profileTables("kar", profileEmbeddings, interactions);
  const textWidth = texts.items.shape[1];
  const isInductive = users === "profiles";
  const random = RandomGenerator.fromSeed(seed).fork("kar");
  const parameters = {
    graph: interactionGraph(interactions),
    itemScales: itemScales(interactions),
    texts,
    // None if users have nothing but their texts.
    users: isInductive ? [] : [embeddingTable(userCount, latentDimension, random)],
    items: embeddingTable(itemCount, latentDimension, random),
    adaptor: hybridExperts(
      {
        inputs: textWidth,
        hidden: settings.hiddenDimension,
        outputs: latentDimension,
        shared: settings.sharedExperts,
        specific: settings.specificExperts,
      },
      random,
    ),
  };
  type Tensors = TensorsOf<typeof parameters>;

  return {
    name: "kar",
    configuration: {
      name: "kar",
      ...graphConfiguration(interactions),
      ...settings,
      // Users may be added to a table of texts only, and the weights serve them, too.
      embeddingsFingerprint: isInductive
        ? contentFingerprint(texts.items.values)
        : contentFingerprint(texts.users.values, texts.items.values),
    },
    itemCount,
    userCount,
    ...(isInductive && { profileWidth: textWidth }),
    reads: { interactions: isInductive && layers > 0, profile: isInductive, userIndex: !isInductive },
    examples: { kind: "pairs", negatives: 1 },
    parameters,

    loss(tensors: Tensors, batch: PairBatch, context: ForwardContext) {
      const { graph, adaptor, users, items } = tensors;
      const kept = keptEdges(graph, keepRate, context);
      const propagated = propagatedEmbeddings(graph, initialFeatures(tensors), layers, kept);
      const trained = [...users, items, ...hybridExpertArrays(adaptor)];
      return rankingLoss(gatherPairs(propagated, batch), trained, l2Weight);
    },

    ...(isInductive ? scoresOfTexts(layers) : scoresOfKnownUsers(layers)),
  };
}

/** The tensors of the model. */
type KarTensors = TensorsOf<{
  readonly graph: InteractionGraph;
  readonly itemScales: ItemScales;
  readonly texts: ProfileTables;
  readonly users: readonly Embeddings[];
  readonly items: Embeddings;
  readonly adaptor: HybridExperts;
}>;
type Embeddings = Parameter<readonly [number, number]>;

/** E⁰ of all users and items: the adapted texts, and an embedding if there is one. */
function initialFeatures({ adaptor, texts, users, items }: KarTensors): NodeFeatures {
  return {
    users: tf.addN([mixExperts(adaptor.shared, adaptor.users, texts.users), ...users]),
    items: tf.add(mixExperts(adaptor.shared, adaptor.items, texts.items), items),
  };
}

function scoresOfKnownUsers(layers: number): Pick<Recommender, "prepare" | "scores"> {
  return {
    prepare: (tensors: KarTensors) => ({
      ...propagatedEmbeddings(tensors.graph, initialFeatures(tensors), layers),
    }),
    scores: (propagated: KarTensors["texts"], batch) => knownUserScores("kar", propagated, batch),
  };
}

/** The part of scores that all users share. */
interface Prepared extends TensorBranch {
  readonly adaptor: KarTensors["adaptor"];
  readonly itemScales: tf.Tensor1D;
  readonly userTexts: tf.Tensor2D;
  /** E⁰ + … + E^L of items. */
  readonly items: tf.Tensor2D;
  /** E⁰ + … + E^(L−1) of items, which users sum over theirs. */
  readonly sent: tf.Tensor2D;
}

function scoresOfTexts(layers: number): Pick<Recommender, "prepare" | "scores"> {
  return {
    prepare(tensors: KarTensors): Prepared {
      const { graph, adaptor, itemScales, texts } = tensors;
      const initial = initialFeatures(tensors);
      const byLayer = [initial, ...graphLayers(graph, initial, layers)].map(({ items }) => items);
      return {
        adaptor,
        itemScales,
        userTexts: texts.users,
        items: tf.addN(byLayer),
        sent: sentToUsers(byLayer),
      };
    },
    scores({ adaptor, itemScales, userTexts, items, sent }: Prepared, batch) {
      const adapted = mixExperts(adaptor.shared, adaptor.users, profilesOf(userTexts, batch));
      const received = receivedByUsers(sent, itemScales, batch);
      return tf.matMul(tf.add(adapted, received), items, false, true);
    },
  };
}
