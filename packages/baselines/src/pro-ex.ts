import {
  assertShape,
  assertTrainingInteractions,
  contentFingerprint,
  type ForwardContext,
  type PairBatch,
  type ProfileEmbeddings,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
} from "@dmrec/core";
import { graphLayers, sumFeatures } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { firstOccurrences } from "./first-occurrences";
import { graphConfiguration, graphModelParameters, graphModelSchema } from "./light-gcn";
import { neighbourProfiles } from "./neighbour-profiles";
import {
  gatherPairs,
  knownUserScores,
  type PairFeatures,
  pairsOfKnownUsers,
  rankingLosses,
  squaredNorm,
} from "./pairwise-ranking";
import {
  type Projection,
  profileTables,
  project,
  projection,
  projectionArrays,
  type TextGraphModelOptions,
} from "./profile-tables";
import { viewContrast } from "./view-contrast";

export interface ProExOptions extends Omit<TextGraphModelOptions, "keepRate"> {
  /**
   * Embeddings of further profiles, which a language model extrapolated from the first ones: three in the publication.
   *
   * @default the mean profiles of the nodes one, two and three steps away in the graph: without a language model
   */
  readonly furtherProfiles?: readonly ProfileEmbeddings[];
  /** L, the number of propagations, one or more. @default 3 */
  readonly layers?: number;
  /** M, the number of mixtures of the profiles in a step, two or more. @default 4 */
  readonly environments?: number;
  /** α of the Dirichlet distribution of the mixtures. @default 0.1 */
  readonly concentration?: number;
  /** The weight of the variance over the mixtures. @default 10 */
  readonly varianceWeight?: number;
  /** w, the weight of the term that drives projected profiles apart. @default 0.4 */
  readonly uniformityWeight?: number;
  /** τ, the divisor of cosines, 0.001 or more. @default 0.2 */
  readonly temperature?: number;
}

const optionsSchema = graphModelSchema.omit({ keepRate: true }).extend({
  layers: z.int().positive().default(3),
  environments: z.int().min(2).default(4),
  concentration: z.number().positive().default(0.1),
  varianceWeight: z.number().nonnegative().default(10),
  uniformityWeight: z.number().nonnegative().default(0.4),
  temperature: z.number().min(0.001).default(0.2),
});

/**
 * ProEx (Zhang et al. 2026, KDD) on LightGCN: several profiles of each user and item are projected and added to the
 * propagated embeddings, in random mixtures that are to rank alike. Scores take the mean of the profiles.
 *
 * As in the authors' program, layer 0 is left out of the sum over the layers, and no edge is dropped. It knows users by
 * their index only, so it cannot recommend to new users.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the interactions or each other.
 * @throws InvalidDataError if they are not finite.
 * @example
 * const { train, profileEmbeddings } = data;
 * const recommender = proEx({ interactions: train, profileEmbeddings });
 */
export function proEx(options: ProExOptions): Recommender {
  const { interactions, profileEmbeddings, furtherProfiles, ...rest } = options;
  assertTrainingInteractions("proEx", interactions);
  const settings = parseOptions("proEx", optionsSchema, rest);
  const { latentDimension, layers, environments, concentration, l2Weight, temperature, seed } = settings;
  const { varianceWeight, uniformityWeight } = settings;
  const first = profileTables("proEx", profileEmbeddings, interactions);
  const further = furtherProfiles?.map((embeddings) => profileTables("proEx", embeddings, interactions));
  for (const { users } of further ?? [])
    assertShape("the matrix of further user embeddings", users.shape, first.users.shape);
  const profiles = [first, ...(further ?? neighbourProfiles(first, interactions, 3))];
  const random = RandomGenerator.fromSeed(seed).fork("pro-ex");
  const parameters = {
    ...graphModelParameters(interactions, latentDimension, random),
    projection: projection(first.users.shape[1], latentDimension, random),
    profiles,
  };
  type Tensors = TensorsOf<typeof parameters>;

  const propagated = ({ graph, users, items }: Pick<Tensors, "graph" | "users" | "items">) =>
    sumFeatures(graphLayers(graph, { users, items }, layers));

  return {
    name: "pro-ex",
    configuration: {
      name: "pro-ex",
      ...graphConfiguration(interactions),
      ...settings,
      profiles: profiles.length,
      embeddingsFingerprint: contentFingerprint(
        ...profiles.flatMap(({ users, items }) => [users.values, items.values]),
      ),
      furtherProfiles: furtherProfiles ? "given" : "without a language model",
    },
    ...pairsOfKnownUsers(interactions),
    parameters,

    loss({ projection, profiles, ...tensors }: Tensors, batch: PairBatch, context: ForwardContext) {
      const pairs = gatherPairs(propagated(tensors), batch);
      const described = profiles.map((texts) => projectPairs(projection, gatherPairs(texts, batch)));
      const mixtures = context.feed<tf.Rank.R2>([environments, profiles.length], ({ random }) =>
        Array.from({ length: environments }, () => random.dirichlet(profiles.length, concentration)).flat(),
      );
      const firstUsers = firstOccurrences("users", batch, context);
      const firstPositives = firstOccurrences("positives", batch, context);
      const losses = tf.stack(
        mixedPairs(pairs, described, mixtures).map((mixed) => tf.mean<tf.Scalar>(rankingLosses(mixed))),
      );
      const uniformity = described.flatMap(({ user, positive }) => [
        viewContrast(user, user, firstUsers, temperature),
        viewContrast(positive, positive, firstPositives, temperature),
      ]);
      const trained = [tensors.users, tensors.items, ...projectionArrays(projection)];
      return {
        ranking: tf.sum<tf.Scalar>(losses),
        regularization: squaredNorm(trained, l2Weight),
        variance: tf.mul<tf.Scalar>(varianceWeight, unbiasedVariance(losses)),
        uniformity: tf.mul<tf.Scalar>(uniformityWeight, tf.addN(uniformity)),
      };
    },

    prepare({ projection, profiles, ...tensors }: Tensors) {
      const { users, items } = propagated(tensors);
      const mean = (side: "users" | "items") =>
        tf.div<tf.Tensor2D>(
          tf.addN(profiles.map((texts) => project(projection, texts[side]))),
          profiles.length,
        );
      return { users: tf.add(users, mean("users")), items: tf.add(items, mean("items")) };
    },

    scores: (prepared: Pick<Tensors, "users" | "items">, batch) => knownUserScores("proEx", prepared, batch),
  };
}

function projectPairs(layers: TensorsOf<Projection>, texts: PairFeatures): PairFeatures {
  return {
    user: project(layers, texts.user),
    positive: project(layers, texts.positive),
    negative: project(layers, texts.negative),
  };
}

/**
 * e + Σ_k β_k p^k of users, positives and negatives, for each environment.
 *
 * @param described p^k for each profile k
 * @param mixtures β, `[environments, profiles]`
 */
function mixedPairs(
  pairs: PairFeatures,
  described: readonly PairFeatures[],
  mixtures: tf.Tensor2D,
): readonly PairFeatures[] {
  const mixed = (side: keyof PairFeatures, weights: tf.Tensor2D): tf.Tensor2D => {
    const texts = tf.stack(described.map((features) => features[side]));
    const sum = tf.matMul(weights, tf.reshape(texts, [described.length, -1]));
    return tf.add(pairs[side], tf.reshape(sum, pairs[side].shape));
  };
  return tf.split<tf.Tensor2D>(mixtures, mixtures.shape[0]).map((weights) => ({
    user: mixed("user", weights),
    positive: mixed("positive", weights),
    negative: mixed("negative", weights),
  }));
}

/** Σ (x − mean)² / (n − 1) */
function unbiasedVariance(values: tf.Tensor): tf.Scalar {
  const squares = tf.square(tf.sub(values, tf.mean(values)));
  return tf.div(tf.sum<tf.Scalar>(squares), values.size - 1);
}
