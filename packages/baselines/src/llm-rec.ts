import {
  assertItemLists,
  assertTrainingInteractions,
  contentFingerprint,
  type ExampleRows,
  type ForwardContext,
  type ItemLists,
  type PairBatch,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
} from "@dmrec/core";
import { applyDense, embeddingTable, type NodeFeatures, sumFeatures } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { assertItemChoices, chooseByProfile, type ItemChoices, popularCandidates } from "./item-choices";
import { graphConfiguration, graphModelSchema } from "./light-gcn";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLosses } from "./pairwise-ranking";
import { profileTables, type TextGraphModelOptions, xavierUniform } from "./profile-tables";
import { prunedMean } from "./pruned-mean";
import {
  itemsThenUsers,
  type RowNormalizedGraph,
  rowNormalizedGraph,
  usersThenItems,
} from "./row-normalized-graph";
import { unitRows } from "./unit-rows";

export interface LlmRecOptions extends Omit<TextGraphModelOptions, "keepRate" | "l2Weight"> {
  /**
   * The item that each user likes most of some candidates, and the one that they like least, as a language model chose
   * them; undefined for a user without a choice.
   *
   * @default of `candidates`, the items of the closest and the farthest profile embedding: without a language model
   */
  readonly choices?: ItemChoices;
  /**
   * The candidates of each user, such as the first items of a trained recommender, if `choices` is not given. A list may
   * be of any length, also empty.
   *
   * @default the most popular items that the user has not interacted with
   */
  readonly candidates?: ItemLists;
  /** The number of popular candidates of each user, if `candidates` is not given. @default 10 */
  readonly candidateCount?: number;
  /** L, the number of propagations, one or more. @default 2 */
  readonly layers?: number;
  /** The share of a step's pairs whose users bring their choice as a further pair. @default 0.1 */
  readonly augmentedShare?: number;
  /** The share of a step's pairs that are left out of the ranking loss. @default 0.71 */
  readonly prunedShare?: number;
  /**
   * The pairs that are left out: `easy` ones, of the smallest losses, as in the authors' program, or `hard` ones, of the
   * largest losses, which the publication takes for noise.
   *
   * @default "easy"
   */
  readonly prunedPairs?: "easy" | "hard";
  /** a, the weight of the parts of users' texts in embeddings. @default 2.8 */
  readonly userTextWeight?: number;
  /** b, the weight of the parts of items' texts in embeddings. @default 0.005 */
  readonly itemTextWeight?: number;
  /** The weight of the ranking loss of the parts of texts only. @default 0.012 */
  readonly textRankingWeight?: number;
}

const optionsSchema = graphModelSchema.omit({ keepRate: true, l2Weight: true }).extend({
  candidateCount: z.int().positive().default(10),
  layers: z.int().positive().default(2),
  augmentedShare: z.number().min(0).max(1).default(0.1),
  prunedShare: z.number().min(0).lt(1).default(0.71),
  prunedPairs: z.enum(["easy", "hard"]).default("easy"),
  userTextWeight: z.number().nonnegative().default(2.8),
  itemTextWeight: z.number().nonnegative().default(0.005),
  textRankingWeight: z.number().nonnegative().default(0.012),
});

/**
 * LLMRec (Wei et al. 2024): LightGCN with the texts of users and items propagated beside the embeddings, trained on pairs
 * of which some are a language model's choice of candidates, and without the pairs that are easy already.
 *
 * It follows the authors' program: each layer divides by the root of the receiver's degree only, items receive what users
 * have just received, and the last layer is a softmax over the width. There are no images, and the profile of an item is
 * in place of its attributes. It knows users by their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = llmRec({ interactions: train, profileEmbeddings });
 */
export function llmRec(options: LlmRecOptions): Recommender {
  const { interactions, profileEmbeddings, choices: given, candidates, ...rest } = options;
  assertTrainingInteractions("llmRec", interactions);
  const settings = parseOptions("llmRec", optionsSchema, rest);
  const { latentDimension, layers, augmentedShare, prunedShare, prunedPairs, seed } = settings;
  const { userTextWeight, itemTextWeight, textRankingWeight } = settings;
  const { userCount, itemCount } = interactions;
  const texts = profileTables("llmRec", profileEmbeddings, interactions);
  if (given) assertItemChoices("llmRec.choices", given, interactions);
  if (candidates) assertItemLists("llmRec.candidates", candidates, interactions);
  const choices =
    given ?? chooseByProfile(texts, candidates ?? popularCandidates(interactions, settings.candidateCount));
  const pruned = prunedPairs === "easy" ? "smallest" : "largest";
  const textWidth = texts.users.shape[1];
  const random = RandomGenerator.fromSeed(seed).fork("llm-rec");
  const parameters = {
    graph: rowNormalizedGraph(interactions),
    texts,
    users: embeddingTable(userCount, latentDimension, random),
    items: embeddingTable(itemCount, latentDimension, random),
    userProjection: xavierUniform(textWidth, latentDimension, random),
    itemProjection: xavierUniform(textWidth, latentDimension, random),
  };
  type Tensors = TensorsOf<typeof parameters>;

  /** The parts of users' and items' texts, and the embeddings with both. */
  const features = ({ graph, texts, users, items, userProjection, itemProjection }: Tensors) => {
    const ofUserTexts = itemsThenUsers(graph, applyDense(userProjection, texts.users), itemCount);
    const ofItemTexts = usersThenItems(graph, userCount, applyDense(itemProjection, texts.items));
    const propagated = meanOfLayers(graph, { users, items }, layers);
    const withTexts = (side: keyof NodeFeatures) =>
      tf.addN([
        propagated[side],
        tf.mul<tf.Tensor2D>(userTextWeight, unitRows(ofUserTexts[side])),
        tf.mul<tf.Tensor2D>(itemTextWeight, unitRows(ofItemTexts[side])),
      ]);
    return {
      embeddings: { users: withTexts("users"), items: withTexts("items") },
      textsOnly: { users: ofUserTexts.users, items: ofItemTexts.items },
    };
  };

  return {
    name: "llm-rec",
    configuration: {
      name: "llm-rec",
      ...graphConfiguration(interactions),
      ...settings,
      embeddingsFingerprint: contentFingerprint(texts.users.values, texts.items.values),
      choicesFingerprint: contentFingerprint(
        Int32Array.from(choices.flatMap((choice) => (choice ? [choice.liked, choice.disliked] : [-1, -1]))),
      ),
      choices: given ? "given" : "without a language model",
    },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss(tensors: Tensors, batch: PairBatch, context: ForwardContext) {
      const { embeddings, textsOnly } = features(tensors);
      const augmented = withChoices(batch, choices, augmentedShare, context);
      const ranking = (nodes: NodeFeatures) =>
        prunedMean(rankingLosses(gatherPairs(nodes, augmented)), prunedShare, pruned);
      return {
        ranking: ranking(embeddings),
        texts: tf.mul<tf.Scalar>(textRankingWeight, ranking(textsOnly)),
      };
    },

    prepare: (tensors: Tensors) => ({ ...features(tensors).embeddings }),

    scores: (prepared: Pick<Tensors, "users" | "items">, batch) => knownUserScores("llmRec", prepared, batch),
  };
}

/** The mean of E⁰ … E^L, whose last layer is a softmax over the width, of the users before the items receive it. */
function meanOfLayers(
  graph: TensorsOf<RowNormalizedGraph>,
  embeddings: NodeFeatures,
  layers: number,
): NodeFeatures {
  const [userCount] = embeddings.users.shape;
  const byLayer = [embeddings];
  for (let layer = 1; layer <= layers; layer += 1) {
    const activation = layer === layers ? (features: tf.Tensor2D) => tf.softmax(features) : undefined;
    byLayer.push(usersThenItems(graph, userCount, byLayer[layer - 1].items, activation));
  }
  const sum = sumFeatures(byLayer);
  return { users: tf.div(sum.users, byLayer.length), items: tf.div(sum.items, byLayer.length) };
}

/**
 * The pairs of a step, and for a share of them, which are drawn, a further pair: the choice of its user. A user without a
 * choice brings the drawn pair again.
 */
function withChoices(
  batch: PairBatch,
  choices: ItemChoices,
  share: number,
  context: ForwardContext,
): PairBatch {
  const count = Math.floor(share * batch.pairCount);
  if (count === 0) return batch;
  // Users, positives and negatives. A float32 holds every index up to 16 million.
  const drawn = context.feed<tf.Rank.R2>([3, count], ({ batch: rows, random }) => {
    const pairs = drawPairs(rows, count, choices, random);
    return [...pairs.map(([user]) => user), ...pairs.map((pair) => pair[1]), ...pairs.map((pair) => pair[2])];
  });
  const [users, positives, negatives] = tf.unstack(tf.cast(drawn, "int32"));
  const both = (own: tf.Tensor1D, more: tf.Tensor) => tf.concat([own, tf.reshape<tf.Rank.R1>(more, [count])]);
  return {
    ...batch,
    pairCount: batch.pairCount + count,
    users: both(batch.users, users),
    positives: both(batch.positives, positives),
    negatives: tf.reshape(both(tf.reshape(batch.negatives, [-1]), negatives), [-1, 1]),
  };
}

/** The choices of the users of different pairs of a step. */
function drawPairs(
  rows: ExampleRows,
  count: number,
  choices: ItemChoices,
  random: RandomGenerator,
): readonly (readonly [user: number, positive: number, negative: number])[] {
  if (!("positives" in rows)) return [];
  const order = random.shuffle(Array.from(rows.users, (_, pair) => pair));
  return order.slice(0, count).map((pair) => {
    const user = rows.users[pair];
    const { liked = rows.positives[pair], disliked = rows.negatives[pair] } = choices[user] ?? {};
    return [user, liked, disliked];
  });
}
