import {
  assertFiniteMatrix,
  assertShape,
  contentFingerprint,
  type ForwardContext,
  invalidOption,
  type ProfileEmbeddings,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TensorBranch,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import { addParameters } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy, Posteriors } from "./matching-strategy";
import { MetaNetwork, type MetaNetworkTensors } from "./meta-network";

const optionsSchema = z.strictObject({
  /**
   * The posterior that is decoded: the sum of both spaces' parameters, as in the program that gave the paper's tables, or
   * only the collaborative one, as in its text.
   *
   * @default "sum"
   */
  posterior: z.enum(["sum", "collaborative"]).default("sum"),
  /**
   * Width of the meta-network's hidden layer.
   *
   * @default 600
   */
  hiddenDimension: z.int().positive().default(600),
  /**
   * The probability that an interaction is left out of the meta-network's input.
   *
   * @default 0.3
   */
  dropout: z.number().min(0).lt(1).default(0.3),
  /**
   * The meta-network's input. `profile` leaves the interactions out: the ablation without its base network.
   *
   * @default "interactions-and-profile"
   */
  baseNetwork: z.enum(["interactions-and-profile", "profile"]).default("interactions-and-profile"),
  /**
   * The fraction of a step's users whose interactions are hidden from both encoders but still reconstructed. It trains
   * the model for cold-start users, who have only a profile (after DropoutNet, Volkovs et al. 2017).
   *
   * @default 0
   */
  coldStartRate: z.number().min(0).lt(1).default(0),
  /**
   * The seed of the meta-network's initial weights.
   *
   * @default 2024
   */
  seed: z.int().nonnegative().default(2024),
});

type Settings = z.output<typeof optionsSchema>;

export interface MatchingOptions extends z.input<typeof optionsSchema> {
  /** Profile embeddings of the data's users and items, such as `data.profileEmbeddings`. `undefined` is refused. */
  readonly profileEmbeddings: ProfileEmbeddings | undefined;
  /** The loss that pulls the two spaces together, such as `mddm({ beta: 0.5 })`. */
  readonly strategy: MatchingStrategy;
}

/** A recommender whose users are also described in the language space. */
export interface MatchedRecommender extends Recommender {
  readonly examples: { readonly kind: "users" };
  /** The distributions of a batch in both spaces, for analysis. */
  posteriors(parameters: TensorBranch, batch: UserBatch, context: ForwardContext): Posteriors;
}

/** The parameters of the wrapped model, prepared or not, and those of the meta-network. */
type Tensors = { readonly collaborative: TensorBranch; readonly language: MetaNetworkTensors };

/**
 * Matches a variational recommender with the language space: trains it together with a probabilistic meta-network
 * under a matching strategy (DMRec, Zhang et al. 2025, section 2.5, eq. 19).
 *
 * The wrapped model may be any `VariationalRecommender`. Saved weights leave the profile embeddings out, so users may be
 * added to the table of user embeddings later.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings do not fit the model or each other.
 * @throws InvalidDataError if the embeddings are not finite, or not as many as their sizes say.
 * @example
 * const recommender = withMatching(multVae({ itemCount: data.itemCount }), {
 *   profileEmbeddings: data.profileEmbeddings,
 *   strategy: mddm({ beta: 0.5 }),
 * });
 */
export function withMatching(model: VariationalRecommender, options: MatchingOptions): MatchedRecommender {
  const { profileEmbeddings, strategy, ...rest } = options;
  const settings = parseOptions("withMatching", optionsSchema, rest);
  if (profileEmbeddings === undefined)
    throw invalidOption(
      "withMatching.profileEmbeddings",
      "none; expected embeddings of users and items, which this data does not have",
    );
  if (typeof strategy?.loss !== "function")
    throw invalidOption(
      "withMatching.strategy",
      "expected a name, a configuration and a function `loss`, such as mddm({ beta: 0.5 })",
    );
  assertFits(profileEmbeddings, model);
  return describeMatched(model, profileEmbeddings, strategy, settings);
}

function assertFits({ users, items }: ProfileEmbeddings, model: VariationalRecommender): void {
  assertFiniteMatrix(items, "profileEmbeddings.items", "item");
  assertFiniteMatrix(users, "profileEmbeddings.users", "user");
  assertShape(
    "the matrix of item embeddings",
    [items.rowCount, items.columnCount],
    [model.itemCount, users.columnCount],
  );
  const { userCount = users.rowCount } = model;
  assertShape(
    "the matrix of user embeddings",
    [Math.min(users.rowCount, userCount), users.columnCount],
    [userCount, users.columnCount],
  );
}

function describeMatched(
  model: VariationalRecommender,
  profileEmbeddings: ProfileEmbeddings,
  strategy: MatchingStrategy,
  settings: Settings,
): MatchedRecommender {
  const { users, items } = profileEmbeddings;
  const { coldStartRate, baseNetwork, posterior } = settings;
  const isSum = posterior === "sum";
  const metaNetwork = new MetaNetwork({
    ...settings,
    profileEmbeddings,
    latentDimension: model.latentDimension,
    random: RandomGenerator.fromSeed(settings.seed).fork("meta-network"),
  });

  function posteriors(
    { collaborative, language }: Tensors,
    batch: UserBatch,
    context: ForwardContext,
  ): Posteriors {
    const ofModel = model.encode(collaborative, batch, context);
    const ofProfile = metaNetwork.encode(language, batch, context);
    const combined = isSum ? addParameters(ofModel, ofProfile) : ofModel;
    return { collaborative: ofModel, language: ofProfile, combined };
  }

  return {
    name: `${model.name}+${strategy.name}`,
    configuration: {
      model: model.configuration,
      strategy: strategy.configuration,
      ...settings,
      embeddingWidth: items.columnCount,
      // The users' table has no fingerprint: users may be added to it, and the same weights serve them.
      itemEmbeddingsFingerprint: contentFingerprint(items.values),
    },
    itemCount: model.itemCount,
    userCount: model.userCount ?? users.rowCount,
    reads: {
      interactions: model.reads.interactions || (isSum && baseNetwork === "interactions-and-profile"),
      profile: model.reads.profile || isSum,
      userIndex: model.reads.userIndex,
    },
    examples: { kind: "users" },
    parameters: { collaborative: model.parameters, language: metaNetwork.parameters },

    ...(model.prepare && {
      prepare: ({ collaborative, language }: Tensors): Tensors => ({
        collaborative: model.prepare?.(collaborative) ?? collaborative,
        language,
      }),
    }),

    posteriors,

    loss(parameters: Tensors, batch: UserBatch, context) {
      const seen = hideInteractions(batch, coldStartRate, context);
      const all = posteriors(parameters, seen, context);
      return {
        ...model.reconstructionLoss(parameters.collaborative, batch, all.combined, context),
        ...strategy.loss(all, context),
      };
    },

    scores(prepared: Tensors, batch, context) {
      const { collaborative } = prepared;
      const decoded = isSum
        ? posteriors(prepared, batch, context).combined
        : model.encode(collaborative, batch, context);
      return model.decode(collaborative, decoded.mean, context);
    },
  };
}

/** The batch as the encoders see it: some users have no interactions, as cold-start users do. */
function hideInteractions(batch: UserBatch, coldStartRate: number, context: ForwardContext): UserBatch {
  if (coldStartRate === 0) return batch;
  const { userCount, rows, weights } = batch;
  const visible = context.feed<tf.Rank.R1>([userCount], ({ random }) =>
    Float32Array.from({ length: userCount }, () => Number(random.uniform() >= coldStartRate)),
  );
  return { ...batch, weights: tf.mul(weights, tf.gather(visible, rows)) };
}
