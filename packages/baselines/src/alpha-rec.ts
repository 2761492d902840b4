import {
  assertTrainingInteractions,
  contentFingerprint,
  type PairBatch,
  type ProfileEmbeddings,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorBranch,
  type TensorsOf,
  type TrainingInteractions,
  type UserBatch,
} from "@dmrec/core";
import {
  applyDense,
  type DenseLayer,
  denseLayer,
  embeddingBag,
  graphLayers,
  interactionGraph,
  itemScales,
  type NodeFeatures,
  profilesOf,
  rowSums,
  sumFeatures,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { graphConfiguration } from "./light-gcn";
import { logSumExp } from "./log-sum-exp";
import { type ProfileTables, profileTables, textTable } from "./profile-tables";
import { unitRows } from "./unit-rows";
import { receivedByUsers, sentToUsers } from "./users-from-texts";

export interface AlphaRecOptions {
  /** The interactions to train on. They are the edges of the graph. */
  readonly interactions: TrainingInteractions;
  /** Embeddings of the texts of all users and items. A dataset without any is refused. */
  readonly profileEmbeddings: ProfileEmbeddings | undefined;
  /**
   * The text of a user: the mean of the embeddings of the items that they interacted with (AlphaRec), or the embedding of
   * their own profile (AlphaRec*).
   *
   * @default "items"
   */
  readonly users?: "items" | "profiles";
  /** Width of the hidden layer. @default twice the width of the embeddings */
  readonly hiddenDimension?: number;
  /** Dimensions of the projected texts. @default 64 */
  readonly latentDimension?: number;
  /** L, the number of propagations. @default 2 */
  readonly layers?: number;
  /** Negative items a pair. @default 256 */
  readonly negatives?: number;
  /** τ, the divisor of cosines, 0.001 or more. @default 0.15 */
  readonly temperature?: number;
  /** @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z.strictObject({
  users: z.enum(["items", "profiles"]).default("items"),
  hiddenDimension: z.int().positive().optional(),
  latentDimension: z.int().positive().default(64),
  layers: z.int().nonnegative().default(2),
  negatives: z.int().positive().default(256),
  temperature: z.number().min(0.001).default(0.15),
  seed: z.int().nonnegative().default(2024),
});

/** The layers between texts and the collaborative space. */
type TextLayers = { readonly hidden: DenseLayer; readonly output: DenseLayer };

/** The part of scores that all users share. */
interface Prepared extends TensorBranch {
  readonly hidden: TensorsOf<DenseLayer>;
  readonly output: TensorsOf<DenseLayer>;
  readonly itemScales: tf.Tensor1D;
  readonly texts: { readonly users: tf.Tensor2D; readonly items: tf.Tensor2D };
  /** The directions of items, `[items, latent]`. */
  readonly items: tf.Tensor2D;
  /** The embeddings that users sum over their items, `[items, latent]`. */
  readonly sent: tf.Tensor2D;
}

/**
 * AlphaRec (Sheng et al. 2025): no embeddings of its own. Two layers map the embeddings of texts to the collaborative
 * space, the graph of interactions propagates them, and the score of an item is the cosine with the user.
 *
 * Users are read from their interactions and, with `users: "profiles"`, their profile, so new users are served, too.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = alphaRec({ interactions: train, profileEmbeddings, users: "profiles" });
 */
export function alphaRec(options: AlphaRecOptions): Recommender {
  const { interactions, profileEmbeddings, ...rest } = options;
  assertTrainingInteractions("alphaRec", interactions);
  const { hiddenDimension, ...settings } = parseOptions("alphaRec", optionsSchema, rest);
  const { users, latentDimension, layers, negatives, temperature, seed } = settings;
  const readsProfiles = users === "profiles";
  const profiles = profileTables("alphaRec", profileEmbeddings, interactions);
  const texts = readsProfiles ? profiles : withMeansOfItems(profiles, interactions);
  const textWidth = texts.items.shape[1];
  const hiddenWidth = hiddenDimension ?? 2 * textWidth;
  const random = RandomGenerator.fromSeed(seed).fork("alpha-rec");
  const parameters = {
    hidden: denseLayer(textWidth, hiddenWidth, random),
    output: denseLayer(hiddenWidth, latentDimension, random),
    graph: interactionGraph(interactions),
    itemScales: itemScales(interactions),
    texts,
  };
  type Tensors = TensorsOf<typeof parameters>;

  /** E⁰ … E^L of all users and items. */
  const embeddings = ({ graph, texts, ...layersOfTexts }: Tensors): readonly NodeFeatures[] => {
    const initial = { users: encode(layersOfTexts, texts.users), items: encode(layersOfTexts, texts.items) };
    return [initial, ...graphLayers(graph, initial, layers)];
  };

  return {
    name: readsProfiles ? "alpha-rec-user" : "alpha-rec",
    configuration: {
      name: readsProfiles ? "alpha-rec-user" : "alpha-rec",
      ...graphConfiguration(interactions),
      ...settings,
      hiddenDimension: hiddenWidth,
      // The users' table is left out: users may be added to it, and the weights serve them, too.
      itemEmbeddingsFingerprint: contentFingerprint(texts.items.values),
    },
    itemCount: interactions.itemCount,
    // Scores read the users' own table only for their profiles.
    ...(readsProfiles && { userCount: interactions.userCount, profileWidth: textWidth }),
    reads: { interactions: readsInteractions(users, layers), profile: readsProfiles, userIndex: false },
    examples: { kind: "pairs", negatives },
    parameters,

    loss(tensors: Tensors, batch: PairBatch) {
      const { users, items } = sumFeatures(embeddings(tensors));
      const [userDirections, itemDirections] = [unitRows(users), unitRows(items)];
      const user = tf.gather(userDirections, batch.users);
      const positive = tf.sum(tf.mul(user, tf.gather(itemDirections, batch.positives)), 1, true);
      const others = tf.gather(itemDirections, tf.reshape(batch.negatives, [-1]));
      const negative = tf.reshape(
        tf.matMul(tf.reshape(others, [-1, negatives, latentDimension]), tf.expandDims(user, 2)),
        [-1, negatives],
      );
      // With p the positive's score and n those of the negatives, −log(exp(p) / (exp(p) + Σ exp(n))) is log(1 + Σ exp(n − p)).
      const differences = tf.div<tf.Tensor2D>(tf.sub(negative, positive), temperature);
      return { contrast: tf.mean<tf.Scalar>(tf.softplus(logSumExp(differences, 2 / temperature))) };
    },

    prepare(tensors: Tensors) {
      const propagated = embeddings(tensors).map(({ items }) => items);
      const { hidden, output, itemScales, texts } = tensors;
      return {
        hidden,
        output,
        itemScales,
        texts,
        items: unitRows(tf.addN([...propagated])),
        sent: sentToUsers(propagated),
      };
    },

    scores(prepared: Prepared, batch: UserBatch) {
      const { itemScales, texts, items, sent } = prepared;
      const own = readsProfiles ? profilesOf(texts.users, batch) : meansOfItems(texts.items, batch);
      const received = receivedByUsers(sent, itemScales, batch);
      return tf.matMul(unitRows(tf.add(encode(prepared, own), received)), items, false, true);
    },
  };
}

/** Interactions matter for the graph, and for the text of a user without a profile. */
const readsInteractions = (users: "items" | "profiles", layers: number) => users === "items" || layers > 0;

/** W₂ leakyReLU(W₁ s + b₁) + b₂, `[rows, latent]` */
function encode({ hidden, output }: TensorsOf<TextLayers>, texts: tf.Tensor2D): tf.Tensor2D {
  return applyDense(output, tf.leakyRelu(applyDense(hidden, texts), 0.01));
}

/** The mean of the embeddings of each user's items, `[users, width]`; zeros without items. */
function meansOfItems(table: tf.Tensor2D, batch: UserBatch): tf.Tensor2D {
  // Padding has weight 0.
  const present = tf.cast(tf.greater<tf.Tensor1D>(batch.weights, 0), "float32");
  const counts = tf.maximum<tf.Tensor1D>(rowSums(batch, present), 1);
  const weights = tf.div<tf.Tensor1D>(present, tf.gather(counts, batch.rows));
  return embeddingBag(table, { ...batch, weights });
}

/** The same on the host, for the users of the training part. */
function withMeansOfItems(
  { items }: ProfileTables,
  { userCount, offsets, items: interacted }: TrainingInteractions,
): ProfileTables {
  const {
    shape: [, columnCount],
    values,
  } = items;
  const users = new Float32Array(userCount * columnCount);
  for (let user = 0; user < userCount; user += 1) {
    const [start, end] = [offsets[user], offsets[user + 1]];
    for (const item of interacted.subarray(start, end))
      for (let column = 0; column < columnCount; column += 1)
        users[user * columnCount + column] += values[item * columnCount + column] / (end - start);
  }
  return { users: textTable({ rowCount: userCount, columnCount, values: users }), items };
}
