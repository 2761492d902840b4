import {
  assertFiniteMatrix,
  assertShape,
  contentFingerprint,
  type DiagonalGaussian,
  type ForwardContext,
  invalidOption,
  type JsonObject,
  type LossTerms,
  type MatrixProduct,
  type ParameterTree,
  type ProfileEmbeddings,
  parseOptions,
  RandomGenerator,
  type Recommender,
  type RecommenderInputs,
  type TensorBranch,
  type TensorsOf,
  type UserBatch,
  type UserExamples,
  type VariationalRecommender,
} from "@dmrec/core";
import { addParameters } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { MatchingStrategy, Posteriors } from "./matching-strategy";
import { encodeProfiles, type MetaNetwork, metaNetwork } from "./meta-network";

export interface MatchingOptions {
  /** Profile embeddings of the users and items that the model was made for. A dataset without any is refused. */
  readonly profileEmbeddings: ProfileEmbeddings | undefined;
  /** `godm`, `cpdm`, `mddm`, or a strategy of your own. */
  readonly strategy: MatchingStrategy;
  /**
   * The posterior that is decoded: the sum of both spaces' parameters, as in the program that gave the paper's tables,
   * or the collaborative one only, as in its text.
   *
   * @default "sum"
   */
  readonly posterior?: "sum" | "collaborative";
  /** Width of the meta-network's hidden layer. @default 600 */
  readonly hiddenDimension?: number;
  /** The probability of leaving an interaction out of the meta-network's input. @default 0.3 */
  readonly dropout?: number;
  /** `profile` hides the interactions from the meta-network: the ablation without its base network. @default "interactions-and-profile" */
  readonly baseNetwork?: "interactions-and-profile" | "profile";
  /**
   * The fraction of a step's users whose interactions are hidden from both encoders but still have to be reconstructed.
   * The model so learns to recommend to cold-start users (after DropoutNet, Volkovs et al. 2017).
   *
   * @default 0
   */
  readonly coldStartRate?: number;
  /** The seed of the initial parameters of the meta-network. @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z.strictObject({
  posterior: z.enum(["sum", "collaborative"]).default("sum"),
  hiddenDimension: z.int().positive().default(600),
  dropout: z.number().min(0).lt(1).default(0.3),
  baseNetwork: z.enum(["interactions-and-profile", "profile"]).default("interactions-and-profile"),
  coldStartRate: z.number().min(0).lt(1).default(0),
  seed: z.int().nonnegative().default(2024),
});

/** A recommender whose users are also described in the language space. */
export interface MatchedRecommender extends Recommender {
  /** The distributions of a batch in both spaces, for analysis. */
  posteriors(parameters: TensorBranch, batch: UserBatch, context: ForwardContext): Posteriors;
}

/**
 * Matches a variational recommender with the language space: trains it together with a probabilistic meta-network
 * under a matching strategy (DMRec, Zhang et al. 2025, section 2.5, eq. 19).
 *
 * The wrapped model may be any `VariationalRecommender`.
 *
 * @throws InvalidOptionsError for a model that is not variational, or other options that cannot be.
 * @throws ShapeMismatchError if the embeddings do not fit the model's items or each other.
 * @throws InvalidDataError if they are not finite, or not as many as their sizes say.
 * @example
 * const model = withMatching(multVae({ itemCount: data.itemCount }), {
 *   profileEmbeddings: data.profileEmbeddings,
 *   strategy: mddm({ beta: 0.5 }),
 * });
 */
export function withMatching(model: VariationalRecommender, options: MatchingOptions): MatchedRecommender {
  assertVariational(model);
  const { profileEmbeddings, strategy, ...rest } = options;
  const settings = parseOptions("withMatching", optionsSchema, rest);
  if (profileEmbeddings === undefined) {
    const message = "none; expected embeddings of users and items, which this data does not have";
    throw invalidOption("withMatching.profileEmbeddings", message);
  }
  if (!isStrategy(strategy)) {
    const message = "expected a name, a configuration and a function `loss`, such as mddm({ beta: 0.5 })";
    throw invalidOption("withMatching.strategy", message);
  }
  const { users, items } = profileEmbeddings;
  assertFiniteMatrix(items, "profileEmbeddings.items", "item");
  assertFiniteMatrix(users, "profileEmbeddings.users", "user");
  assertShape(
    "the matrix of item embeddings",
    [items.rowCount, items.columnCount],
    [model.itemCount, users.columnCount],
  );
  // A batch has one profile embedding for each user, which both may read.
  assertShape(
    "the matrix of user embeddings",
    [users.rowCount, users.columnCount],
    [users.rowCount, model.profileWidth ?? users.columnCount],
  );
  return new MatchedModel(model, profileEmbeddings, strategy, settings);
}

function isStrategy(strategy: MatchingStrategy | undefined): boolean {
  const { name, configuration, loss }: Partial<MatchingStrategy> = strategy ?? {};
  return typeof name === "string" && typeof configuration === "object" && typeof loss === "function";
}

/** @throws InvalidOptionsError naming what a model lacks to be a `VariationalRecommender`. */
function assertVariational(model: Recommender): asserts model is VariationalRecommender {
  const given: Partial<Omit<VariationalRecommender, "examples"> & Pick<Recommender, "examples">> =
    model ?? {};
  const missing = [
    ...(["encode", "decode", "reconstructionLoss"] as const).filter(
      (name) => typeof given[name] !== "function",
    ),
    ...(given.latentDimension === undefined ? ["latentDimension"] : []),
    ...(given.examples?.kind === "users" ? [] : ['examples of the kind "users"']),
  ];
  if (missing.length === 0) return;
  const expected = "a variational recommender, such as multVae({ itemCount })";
  const message = `${given.name ?? String(model)} has no ${missing.join(", ")}; expected ${expected}`;
  throw invalidOption("withMatching.model", message);
}

type Settings = z.output<typeof optionsSchema>;

/** The tensors of a matched model: those of the wrapped model, and those of the meta-network. */
interface Tensors extends TensorBranch {
  readonly collaborative: TensorBranch;
  readonly language: TensorsOf<MetaNetwork>;
}

class MatchedModel implements MatchedRecommender {
  readonly name: string;
  readonly examples: UserExamples;
  readonly reads: RecommenderInputs;
  readonly configuration: JsonObject;
  readonly parameters: ParameterTree;
  readonly itemCount: number;
  readonly userCount: number;
  readonly profileWidth?: number;
  readonly prepare?: (parameters: Tensors) => Tensors;
  readonly solve?: (product: MatrixProduct) => Promise<Recommender>;
  readonly #model: VariationalRecommender;
  readonly #strategy: MatchingStrategy;
  readonly #settings: Settings;

  constructor(
    model: VariationalRecommender,
    profileEmbeddings: ProfileEmbeddings,
    strategy: MatchingStrategy,
    settings: Settings,
  ) {
    const { users, items } = profileEmbeddings;
    this.name = `${model.name}+${strategy.name}`;
    this.configuration = {
      model: model.configuration,
      strategy: strategy.configuration,
      ...settings,
      embeddingWidth: items.columnCount,
      // The users' table is left out: users may be added to it, and the weights serve them, too.
      itemEmbeddingsFingerprint: contentFingerprint(items.values),
    };
    // Scores that decode the collaborative posterior do not depend on the language space.
    const readsLanguage = settings.posterior === "sum";
    const networkReadsItems = readsLanguage && settings.baseNetwork === "interactions-and-profile";
    const { interactions, profile, userIndex } = model.reads;
    this.reads = {
      interactions: interactions || networkReadsItems,
      profile: profile || readsLanguage,
      userIndex,
    };
    this.examples = model.examples;
    this.itemCount = model.itemCount;
    this.userCount = Math.min(users.rowCount, model.userCount ?? users.rowCount);
    if (this.reads.profile) this.profileWidth = users.columnCount;
    this.#model = model;
    this.#strategy = strategy;
    this.#settings = settings;
    const { prepare, solve } = model;
    if (solve) {
      this.solve = async (product) => {
        const solved = await solve.call(model, product);
        assertVariational(solved);
        return new MatchedModel(solved, profileEmbeddings, strategy, settings);
      };
    }
    if (prepare) {
      this.prepare = (parameters) => ({
        ...parameters,
        collaborative: prepare.call(model, parameters.collaborative),
      });
    }
    this.parameters = {
      collaborative: model.parameters,
      language: metaNetwork({
        profileEmbeddings,
        latentDimension: model.latentDimension,
        hiddenDimension: settings.hiddenDimension,
        random: RandomGenerator.fromSeed(settings.seed).fork("meta-network"),
      }),
    };
  }

  posteriors(parameters: Tensors, batch: UserBatch, context: ForwardContext): Posteriors {
    const collaborative = this.#model.encode(parameters.collaborative, batch, context);
    const language = encodeProfiles(parameters.language, batch, context, this.#settings);
    return { collaborative, language, combined: this.#combine(collaborative, language) };
  }

  loss(parameters: Tensors, batch: UserBatch, context: ForwardContext): LossTerms {
    const posteriors = this.posteriors(parameters, this.#hideColdStartUsers(batch, context), context);
    return addTerms(
      this.#model.reconstructionLoss(parameters.collaborative, batch, posteriors.combined, context),
      this.#strategy.loss(posteriors, context),
    );
  }

  scores(prepared: Tensors, batch: UserBatch, context: ForwardContext): tf.Tensor2D {
    const posterior = this.#decodesSum
      ? this.posteriors(prepared, batch, context).combined
      : this.#model.encode(prepared.collaborative, batch, context);
    return this.#model.decode(prepared.collaborative, posterior.mean, context);
  }

  /** The batch for the encoders: a random share of its users has no visible interactions. */
  #hideColdStartUsers(batch: UserBatch, context: ForwardContext): UserBatch {
    const { coldStartRate } = this.#settings;
    if (coldStartRate === 0) return batch;
    const { userCount, rows, weights } = batch;
    const visible = context.feed<tf.Rank.R1>([userCount], ({ random }) =>
      Float32Array.from({ length: userCount }, () => Number(random.uniform() >= coldStartRate)),
    );
    return { ...batch, weights: tf.mul(weights, tf.gather(visible, rows)) };
  }

  #combine(collaborative: DiagonalGaussian, language: DiagonalGaussian): DiagonalGaussian {
    return this.#decodesSum ? addParameters(collaborative, language) : collaborative;
  }

  get #decodesSum(): boolean {
    return this.#settings.posterior === "sum";
  }
}

/** All terms. Two terms of one name become their sum, because each of them is minimised. */
function addTerms(first: LossTerms, second: LossTerms): LossTerms {
  const added = Object.entries(second).map(([name, term]) => {
    const other = Object.hasOwn(first, name) ? first[name] : undefined;
    return [name, other ? tf.add<tf.Scalar>(other, term) : term] as const;
  });
  return { ...first, ...Object.fromEntries(added) };
}
