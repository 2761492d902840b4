import type { ItemProposal, Recommender, SplitDataset, VariationalRecommender } from "@dmrec/core";
import type { MatchingOptions, MatchingStrategy } from "@dmrec/matching";
import type { TrainerOptions } from "@dmrec/trainer";

/** The datasets that settings are published for, and `default` for any other. */
export const settingsNames = ["default", "amazon-book", "yelp", "steam"] as const;
export type SettingsName = (typeof settingsNames)[number];

/** Options that a caller may set without knowing what a model calls them. */
export interface CommonOptions {
  /** Width of the hidden layers. */
  readonly hiddenDimension?: number;
  readonly latentDimension?: number;
  /** The probability that an interaction is left out of a model's input. */
  readonly dropout?: number;
  /** Weight of KL(q ‖ N(0, I)). */
  readonly klWeight?: number;
  /** Items drawn in each step for the softmax of the loss; 0 for all items. */
  readonly softmaxSamples?: number;
  /** The way these items are drawn. */
  readonly softmaxProposal?: ItemProposal;
  readonly seed?: number;
}

/** The optimizer and batch size that a model is trained with. */
export type ModelTraining = Pick<TrainerOptions, "adam" | "batchSize">;

/** Options and training of a model on a dataset. */
export interface ModelSettings<Options> {
  readonly options?: Options;
  readonly training?: ModelTraining;
}

/** Published settings of a model, with the differences of single datasets. */
export interface PublishedRow<Options> {
  readonly options: Options;
  readonly training: ModelTraining;
  readonly byDataset?: Partial<Record<SettingsName, ModelSettings<Options>>>;
  /** The publication or program that each setting comes from. */
  readonly source: string;
}

/** A model by name: how it is made from data and options, and its published settings. */
export interface ModelRow<
  Name extends string = string,
  Options extends object = object,
  Model extends Recommender = Recommender,
> {
  /** The name in commands and results, e.g. `mult-vae`. */
  readonly name: Name;
  /** The name in tables, e.g. `Mult-VAE`. */
  readonly title: string;
  /** One line for people who choose a model. */
  readonly description: string;
  readonly needsProfileEmbeddings: boolean;
  /**
   * False for a model that is fitted without gradient steps, such as EASE^R, ItemKNN and popularity: it has no epochs.
   *
   * @default true
   */
  readonly isTrained?: boolean;
  readonly published: PublishedRow<Options>;
  /** Makes the model, which checks its options. */
  make(data: SplitDataset, options: Options): Model;
  /**
   * The model's own options for common ones. It ignores those that it has no counterpart of.
   *
   * @param others The model's other options.
   */
  ownOptions(common: CommonOptions, others: Options): Options;
}

/** A base model. Without a strategy it is the model `base`; every strategy of a zoo can match it. */
export interface BaseModelRow<Name extends string = string, Options extends object = object>
  extends ModelRow<Name, Options, VariationalRecommender> {
  /** Width of the layer below the output, with published settings: the unavoidable work of a step depends on it. */
  readonly outputWidth: number;
  /** The weight that these options give the KL. Strategies whose KL has a weight use the same. */
  klWeight(options: Options): number;
}

/** A model that DMRec is compared with. */
export type BaselineRow<Name extends string = string, Options extends object = object> = ModelRow<
  Name,
  Options
>;

/** Published weights β of a match. */
export interface PublishedBeta {
  readonly default: number;
  readonly byDataset?: Partial<Record<SettingsName, number>>;
  readonly source: string;
}

/** The weights of a strategy's terms. */
export interface StrategyWeights {
  /** The weight of the match; 0 for a strategy that matches nothing. */
  readonly beta: number;
  /** The weight of KL(q ‖ N(0, I)). */
  readonly klWeight: number;
}

/** A matching strategy by name. */
export interface StrategyRow<Name extends string = string> {
  /** The name in commands and results, e.g. `mddm`. */
  readonly name: Name;
  /** The name in tables, e.g. `DMRec-M`. */
  readonly title: string;
  /** One line for people who choose a model. */
  readonly description: string;
  /** An ablation is compared only if it is named. */
  readonly isAblation: boolean;
  /**
   * On a folder of data, which takes minutes, compared only if it is named.
   *
   * @default false
   */
  readonly isOnRequest?: boolean;
  /** Absent if the strategy matches nothing. */
  readonly beta?: PublishedBeta;
  /** Options of `withMatching` that belong to the strategy. */
  readonly matching?: Pick<MatchingOptions, "baseNetwork">;
  /** Makes the strategy, which checks its weights. */
  make(weights: StrategyWeights): MatchingStrategy;
}
