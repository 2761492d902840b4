import {
  assertTrainingInteractions,
  contentFingerprint,
  type ForwardContext,
  type PairBatch,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  type TrainingInteractions,
} from "@dmrec/core";
import {
  embeddingTable,
  graphLayers,
  type InteractionGraph,
  interactionGraph,
  type KeptEdges,
  keptEdges,
  type NodeFeatures,
  sumFeatures,
} from "@dmrec/layers";
import { z } from "zod";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLoss } from "./pairwise-ranking";

/** Options of every model that propagates embeddings of users and items over their graph. */
export interface GraphModelOptions {
  /** The interactions to train on. They are the edges of the graph. */
  readonly interactions: TrainingInteractions;
  /** Dimensions of the embeddings. @default 32 */
  readonly latentDimension?: number;
  /** L, the number of propagations. @default 3 */
  readonly layers?: number;
  /** The probability that an edge is kept in a training step, for each of its directions. @default 0.8 */
  readonly keepRate?: number;
  /** λ, the weight of the sum of the squared parameters. @default 1e-6 */
  readonly l2Weight?: number;
  /** The seed of the initial parameters. @default 2024 */
  readonly seed?: number;
}

export type LightGcnOptions = GraphModelOptions;

export const graphModelSchema = z.strictObject({
  latentDimension: z.int().positive().default(32),
  layers: z.int().nonnegative().default(3),
  keepRate: z.number().gt(0).max(1).default(0.8),
  l2Weight: z.number().nonnegative().default(1e-6),
  seed: z.int().nonnegative().default(2024),
});

/** The arrays of a graph model: its graph, and an embedding for each node. */
export type GraphModelParameters = ReturnType<typeof graphModelParameters>;

export function graphModelParameters(
  interactions: TrainingInteractions,
  latentDimension: number,
  random: RandomGenerator,
) {
  return {
    graph: interactionGraph(interactions) satisfies InteractionGraph,
    users: embeddingTable(interactions.userCount, latentDimension, random),
    items: embeddingTable(interactions.itemCount, latentDimension, random),
  };
}

/** The part of a configuration that says which graph a model was made for. */
export function graphConfiguration({ userCount, itemCount, offsets, items, weights }: TrainingInteractions) {
  return {
    userCount,
    itemCount,
    edges: items.length,
    graphFingerprint: contentFingerprint(offsets, items, weights),
  };
}

/** E⁰ + E¹ + … + E^L: the mean of He et al. 2020 times L + 1, as in the program of Ren et al. 2024. */
export function propagatedEmbeddings(
  graph: TensorsOf<InteractionGraph>,
  embeddings: NodeFeatures,
  layers: number,
  kept?: KeptEdges,
): NodeFeatures {
  return sumFeatures([embeddings, ...graphLayers(graph, embeddings, layers, kept)]);
}

/**
 * LightGCN (He et al. 2020): embeddings of users and items, propagated over the graph of interactions and summed over the
 * layers. The score of an item is the product of its sum and the user's, trained on pairs of a positive and a sampled
 * negative item.
 *
 * It knows users by their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @example
 * await using model = await trainer.fit(lightGcn({ interactions: data.train }), data);
 */
export function lightGcn({ interactions, ...options }: LightGcnOptions): Recommender {
  assertTrainingInteractions("lightGcn", interactions);
  const settings = parseOptions("lightGcn", graphModelSchema, options);
  const { latentDimension, layers, keepRate, l2Weight, seed } = settings;
  const random = RandomGenerator.fromSeed(seed).fork("light-gcn");
  const parameters = graphModelParameters(interactions, latentDimension, random);
  type Tensors = TensorsOf<typeof parameters>;
  return {
    name: "light-gcn",
    configuration: { name: "light-gcn", ...graphConfiguration(interactions), ...settings },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss({ graph, users, items }: Tensors, batch: PairBatch, context: ForwardContext) {
      const kept = keptEdges(graph, keepRate, context);
      const propagated = propagatedEmbeddings(graph, { users, items }, layers, kept);
      return rankingLoss(gatherPairs(propagated, batch), [users, items], l2Weight);
    },

    prepare: ({ graph, users, items }: Tensors) => ({
      ...propagatedEmbeddings(graph, { users, items }, layers),
    }),

    scores: (propagated: Pick<Tensors, "users" | "items">, batch) =>
      knownUserScores("lightGcn", propagated, batch),
  };
}
