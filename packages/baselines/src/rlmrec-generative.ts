import {
  assertTrainingInteractions,
  constant,
  contentFingerprint,
  type ForwardContext,
  type PairBatch,
  parameter,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
} from "@dmrec/core";
import { keptEdges, type NodeFeatures } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import {
  graphConfiguration,
  graphModelParameters,
  graphModelSchema,
  propagatedEmbeddings,
} from "./light-gcn";
import { logSumExp } from "./log-sum-exp";
import { gatherPairs, knownUserScores, pairsOfKnownUsers, rankingLoss } from "./pairwise-ranking";
import {
  profileTables,
  project,
  projection,
  projectionArrays,
  type TextGraphModelOptions,
} from "./profile-tables";
import { unitRows } from "./unit-rows";

export interface RlmRecGenerativeOptions extends TextGraphModelOptions {
  /** L, the number of propagations. @default 2 */
  readonly layers?: number;
  /** λ, the weight of the sum of the squared parameters. @default 1e-7 */
  readonly l2Weight?: number;
  /** The share of all users and items whose embeddings are hidden in a step; one at least. @default 0.15 */
  readonly maskedShare?: number;
  /** w, the weight of the reconstruction of the texts. @default 0.1 */
  readonly textWeight?: number;
  /** τ, the divisor of cosines, 0.001 or more. @default 0.5 */
  readonly temperature?: number;
}

const optionsSchema = graphModelSchema.extend({
  layers: z.int().nonnegative().default(2),
  l2Weight: z.number().nonnegative().default(1e-7),
  maskedShare: z.number().min(0).max(1).default(0.15),
  textWeight: z.number().nonnegative().default(0.1),
  temperature: z.number().min(0.001).default(0.5),
});

/**
 * RLMRec-G (Ren et al. 2024): LightGCN that hides the embeddings of some users and items in each step, and has what the
 * graph propagates to them tell their text embeddings from those of the other hidden ones.
 *
 * It knows users by their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = rlmRecGenerative({ interactions: train, profileEmbeddings });
 */
export function rlmRecGenerative(options: RlmRecGenerativeOptions): Recommender {
  const { interactions, profileEmbeddings, ...rest } = options;
  assertTrainingInteractions("rlmRecGenerative", interactions);
  const settings = parseOptions("rlmRecGenerative", optionsSchema, rest);
  const { latentDimension, layers, keepRate, l2Weight, maskedShare, textWeight, temperature, seed } =
    settings;
  const { userCount, itemCount } = interactions;
  const nodeCount = userCount + itemCount;
  const maskedCount = Math.max(Math.floor(maskedShare * nodeCount), 1);
  const { users: userTexts, items: itemTexts } = profileTables(
    "rlmRecGenerative",
    profileEmbeddings,
    interactions,
  );
  const [, textWidth] = userTexts.shape;
  const random = RandomGenerator.fromSeed(seed).fork("rlmrec-generative");
  const parameters = {
    ...graphModelParameters(interactions, latentDimension, random),
    maskToken: parameter([1, latentDimension], new Float32Array(latentDimension)),
    projection: projection(latentDimension, textWidth, random),
    texts: constant([nodeCount, textWidth] as const, concatenated(userTexts.values, itemTexts.values)),
  };
  type Tensors = TensorsOf<typeof parameters>;
  return {
    name: "rlmrec-generative",
    configuration: {
      name: "rlmrec-generative",
      ...graphConfiguration(interactions),
      ...settings,
      embeddingsFingerprint: contentFingerprint(userTexts.values, itemTexts.values),
    },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss(
      { graph, users, items, maskToken, projection, texts }: Tensors,
      batch: PairBatch,
      context: ForwardContext,
    ) {
      const hidden = tf.cast<tf.Tensor1D>(
        context.feed<tf.Rank.R1>([maskedCount], ({ random }) =>
          distinctNodes(maskedCount, nodeCount, random),
        ),
        "int32",
      );
      const isHidden = tf.scatterND(tf.reshape(hidden, [-1, 1]), tf.ones([maskedCount]), [nodeCount]);
      const shown = {
        users: withToken(users, tf.slice(isHidden, 0, userCount), maskToken),
        items: withToken(items, tf.slice(isHidden, userCount, itemCount), maskToken),
      };
      const propagated = propagatedEmbeddings(graph, shown, layers, keptEdges(graph, keepRate, context));
      const described = unitRows(project(projection, tf.gather(allNodes(propagated), hidden)));
      const reconstruction = meanReconstruction(described, unitRows(tf.gather(texts, hidden)), temperature);
      const trained = [users, items, maskToken, ...projectionArrays(projection)];
      return {
        ...rankingLoss(gatherPairs(propagated, batch), trained, l2Weight),
        texts: tf.mul<tf.Scalar>(textWeight, reconstruction),
      };
    },

    prepare: ({ graph, users, items }: Tensors) => ({
      ...propagatedEmbeddings(graph, { users, items }, layers),
    }),

    scores: (propagated: Pick<Tensors, "users" | "items">, batch) =>
      knownUserScores("rlmRecGenerative", propagated, batch),
  };
}

/** The mean over rows of −log(m / (Σ_j m_j + ε) + ε) with m_j = exp(x · y_j / τ) and ε = 1e-8, as the program has it. */
function meanReconstruction(x: tf.Tensor2D, y: tf.Tensor2D, temperature: number): tf.Scalar {
  const own = tf.div(tf.sum<tf.Tensor1D>(tf.mul(x, y), 1), temperature);
  const exponents = tf.div<tf.Tensor2D>(tf.matMul(x, y, false, true), temperature);
  // log(Σ_j m_j + ε) is a log-sum-exp with log ε as one more column. It stays finite where m_j would overflow.
  const withEpsilon = tf.pad(
    exponents,
    [
      [0, 0],
      [0, 1],
    ],
    Math.log(1e-8),
  );
  const shares = tf.exp(tf.sub(own, logSumExp(withEpsilon, 1 / temperature)));
  return tf.neg(tf.mean<tf.Scalar>(tf.log(tf.add(shares, 1e-8))));
}

/** Rows with the token in place of the hidden ones. */
function withToken(rows: tf.Tensor2D, isHidden: tf.Tensor, token: tf.Tensor2D): tf.Tensor2D {
  const hidden = tf.reshape(isHidden, [-1, 1]);
  return tf.add(tf.mul(rows, tf.sub(1, hidden)), tf.mul(hidden, token));
}

function concatenated(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
  const nodes = new Float32Array(users.length + items.length);
  nodes.set(users);
  nodes.set(items, users.length);
  return nodes;
}

/** Users first, then items, `[nodes, width]`. */
function allNodes({ users, items }: NodeFeatures): tf.Tensor2D {
  return tf.concat([users, items], 0);
}

/** Indices of different nodes, drawn uniformly: the start of a shuffle (Fisher and Yates). */
function distinctNodes(count: number, nodeCount: number, random: RandomGenerator): Float32Array {
  const nodes = Float32Array.from({ length: nodeCount }, (_, node) => node);
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random.uniform() * (nodeCount - index));
    [nodes[index], nodes[other]] = [nodes[other], nodes[index]];
  }
  return nodes.subarray(0, count);
}
