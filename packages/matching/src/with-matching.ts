import {
  assertFiniteMatrix,
  assertShape,
  contentFingerprint,
  type DiagonalGaussian,
  type ForwardContext,
  type InteractionBatch,
  InvalidOptionsError,
  type JsonObject,
  type LanguageEmbeddings,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type TrainingMemory,
  type VariationalRecommender,
} from "@dmrec/core";
import { sumOfParameters } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy, Posteriors } from "./matching-strategy";
import { MetaNetwork } from "./meta-network";

const optionsSchema = z.strictObject({
  /**
   * Which posterior is decoded: the sum of both spaces' parameters, as in the program that gave the paper's tables,
   * or the collaborative one alone, as in its text.
   */
  posterior: z.enum(["sum", "collaborative"]).default("sum"),
  /** Width of the meta-network's hidden layer. */
  hiddenDimension: z.int().positive().default(600),
  /** The probability with which an interaction is left out of the meta-network's input. */
  dropout: z.number().min(0).lt(1).default(0.3),
  /** `profile` leaves the interactions out of the meta-network: the ablation without its base network. */
  baseNetwork: z.enum(["interactions-and-profile", "profile"]).default("interactions-and-profile"),
  /**
   * The share of a step's users whose interactions neither space sees, though they are to be reconstructed: so the model
   * learns to recommend to somebody who is known by a profile alone (after DropoutNet, Volkovs et al. 2017).
   */
  profileOnlyShare: z.number().min(0).lt(1).default(0),
  seed: z.int().nonnegative().default(2024),
});

export interface MatchingOptions extends z.input<typeof optionsSchema> {
  /** Profile embeddings of the users and items that the model was made for; a dataset without any is refused. */
  readonly language: LanguageEmbeddings | undefined;
  readonly strategy: MatchingStrategy;
}

/** A recommender whose users are also described in the language space. */
export interface MatchedRecommender extends Recommender {
  /** The distributions of a batch in both spaces, for analysis. */
  posteriors(batch: InteractionBatch, context: ForwardContext): Posteriors;
}

/**
 * Matches a variational recommender with the language space: trains it together with a probabilistic meta-network
 * under a matching strategy (DMRec, Zhang et al. 2025, section 2.5, eq. 19).
 *
 * The wrapped model may be any `VariationalRecommender`; it is owned by the result and disposed of with it.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError when the embeddings do not fit the model's items or each other.
 * @throws InvalidDataError when they are not finite, or not as many as their sizes say.
 */
export function withMatching(model: VariationalRecommender, options: MatchingOptions): MatchedRecommender {
  const { language, strategy, ...rest } = options;
  const settings = parseOptions("withMatching", optionsSchema, rest);
  if (language === undefined) {
    const message = "none; expected profile embeddings of users and items, which this data does not have";
    throw new InvalidOptionsError("withMatching", [{ path: "language", message }]);
  }
  if (typeof strategy?.loss !== "function") {
    const message = "expected a name, a configuration and a function `loss`, such as mddm({ beta: 0.5 })";
    throw new InvalidOptionsError("withMatching", [{ path: "strategy", message }]);
  }
  assertFiniteMatrix(language.items, "language.items", "item");
  assertFiniteMatrix(language.users, "language.users", "user");
  assertShape(
    "the matrix of item embeddings",
    [language.items.rowCount, language.items.columnCount],
    [model.itemCount, language.users.columnCount],
  );
  return new MatchedModel(model, language, strategy, settings);
}

class MatchedModel implements MatchedRecommender {
  readonly name: string;
  readonly configuration: JsonObject;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly memory?: TrainingMemory;
  readonly itemCount: number;
  readonly userCount: number;
  readonly #model: VariationalRecommender;
  readonly #metaNetwork: MetaNetwork;
  readonly #strategy: MatchingStrategy;
  readonly #posterior: "sum" | "collaborative";
  readonly #profileOnlyShare: number;

  constructor(
    model: VariationalRecommender,
    language: LanguageEmbeddings,
    strategy: MatchingStrategy,
    settings: z.output<typeof optionsSchema>,
  ) {
    this.name = `${model.name}+${strategy.name}`;
    this.configuration = {
      model: model.configuration,
      strategy: strategy.configuration,
      ...settings,
      embeddingWidth: language.items.columnCount,
      // Not of the users' table, to which users may be added: weights serve them too.
      itemEmbeddingsFingerprint: contentFingerprint(language.items.values),
    };
    if (model.memory) this.memory = model.memory;
    this.itemCount = model.itemCount;
    this.userCount = language.users.rowCount;
    this.#model = model;
    this.#strategy = strategy;
    this.#posterior = settings.posterior;
    this.#profileOnlyShare = settings.profileOnlyShare;
    this.#metaNetwork = new MetaNetwork({
      ...settings,
      language,
      latentDimension: model.latentDimension,
      random: RandomGenerator.fromSeed(settings.seed).fork("meta-network"),
    });
    this.variables = {
      ...prefixed("collaborative", model.variables),
      ...prefixed("language", this.#metaNetwork.variables),
    };
  }

  posteriors(batch: InteractionBatch, context: ForwardContext): Posteriors {
    const collaborative = this.#model.encode(batch, context);
    const language = this.#metaNetwork.encode(batch, context);
    return { collaborative, language, decoded: this.#decoded(collaborative, language) };
  }

  loss(batch: InteractionBatch, context: ForwardContext): LossTerms {
    const posteriors = this.posteriors(this.#seen(batch, context), context);
    return {
      ...this.#model.reconstructionLoss(batch, posteriors.decoded, context),
      ...this.#strategy.loss(posteriors, context),
    };
  }

  scores(batch: InteractionBatch, context: ForwardContext): tf.Tensor2D {
    return this.#model.decode(this.posteriors(batch, context).decoded.mean, context);
  }

  dispose(): void {
    this.#model.dispose();
    this.#metaNetwork.dispose();
  }

  /** The batch as the encoders see it: without the interactions of those who are to be known by their profile alone. */
  #seen(batch: InteractionBatch, context: ForwardContext): InteractionBatch {
    const share = this.#profileOnlyShare;
    if (share === 0) return batch;
    const { userCount, rows, weights } = batch;
    const visible = context.hostInput<tf.Rank.R1>([userCount], ({ random }) =>
      Float32Array.from({ length: userCount }, () => Number(random.uniform() >= share)),
    );
    return { ...batch, weights: tf.mul(weights, tf.gather(visible, rows)) };
  }

  #decoded(collaborative: DiagonalGaussian, language: DiagonalGaussian): DiagonalGaussian {
    return this.#posterior === "sum" ? sumOfParameters(collaborative, language) : collaborative;
  }
}

function prefixed(
  prefix: string,
  variables: Readonly<Record<string, tf.Variable>>,
): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [`${prefix}.${name}`, variable]),
  );
}
