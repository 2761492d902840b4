import type { ItemProposal, Recommender, SplitDataset } from "@dmrec/core";
import type { BaselineRow, BaseModelRow, ModelTraining, SettingsName, StrategyRow } from "./model-row";

/** The models of a zoo, a row each. */
export interface ZooRows {
  readonly baseModels: readonly BaseModelRow[];
  readonly strategies: readonly StrategyRow[];
  readonly baselines: readonly BaselineRow[];
}

type RowOf<Rows, Kind extends keyof ZooRows> =
  Rows extends Readonly<Record<Kind, readonly (infer Row)[]>> ? Row : never;

/** The rows of two zoos in one. */
export interface CombinedRows<Rows extends ZooRows, More extends Partial<ZooRows>> {
  readonly baseModels: readonly (Rows["baseModels"][number] | RowOf<More, "baseModels">)[];
  readonly strategies: readonly (Rows["strategies"][number] | RowOf<More, "strategies">)[];
  readonly baselines: readonly (Rows["baselines"][number] | RowOf<More, "baselines">)[];
}

export type BaseName<Rows extends ZooRows> = Rows["baseModels"][number]["name"];
export type StrategyName<Rows extends ZooRows> = Rows["strategies"][number]["name"];
export type BaselineName<Rows extends ZooRows> = Rows["baselines"][number]["name"];
/** A model to compare: `base`, a strategy on the base model, or a baseline. */
export type ModelName<Rows extends ZooRows> = "base" | StrategyName<Rows> | BaselineName<Rows>;

/** The options that the row with this name makes its model from; none if its function takes none. */
type OptionsOf<Row, Name> = Row extends {
  readonly name: Name;
  make(data: never, options: infer Options): unknown;
}
  ? unknown extends Options
    ? object
    : Options
  : never;
/** The options of a base model, except for what the dataset determines. */
export type BaseOptions<Rows extends ZooRows, Name> = OptionsOf<Rows["baseModels"][number], Name>;
/** The options of a baseline, except for what the dataset determines. */
export type BaselineOptions<Rows extends ZooRows, Name> = OptionsOf<Rows["baselines"][number], Name>;

export interface ModelOptions<Base extends string = string, Own extends object = object> {
  /** The base model. @default the first of the zoo, in the default zoo `mult-vae` */
  readonly base?: Base | undefined;
  /** The dataset whose published settings apply to everything not given. @default "default" */
  readonly settings?: SettingsName | undefined;
  /** The weight β of the match, for strategies that match. @default the published one */
  readonly beta?: number | undefined;
  /** The weight of KL(q ‖ N(0, I)), in the base model and in strategies whose KL has a weight. @default the published one */
  readonly klWeight?: number | undefined;
  /** The dropout of the base model and the meta-network. @default the published ones */
  readonly dropout?: number | undefined;
  /** Width of the hidden layers of the base model and the meta-network. @default the published ones */
  readonly hiddenDimension?: number | undefined;
  /** @default the published one */
  readonly latentDimension?: number | undefined;
  /** Items drawn in each step for the softmax of Mult-VAE's loss; 0 for all items. @default 0 */
  readonly softmaxSamples?: number | undefined;
  /** The way these items are drawn. @default "log-uniform" */
  readonly softmaxProposal?: ItemProposal | undefined;
  /** The posterior that a matched model decodes. @default "sum" */
  readonly posterior?: "sum" | "collaborative" | undefined;
  /** The share of users in each step whose interactions are hidden from a matched model. @default 0 */
  readonly coldStartRate?: number | undefined;
  /** @default 2024 */
  readonly seed?: number | undefined;
  /** Further options of the base model or the baseline, by the names of its own function. They take precedence. */
  readonly ownOptions?: Own | undefined;
}

/** The type of a model's own options: those of the baseline of this name, else those of the base model. */
export type OwnOptions<Rows extends ZooRows, Name, Base> =
  Name extends BaselineName<Rows> ? BaselineOptions<Rows, Name> : BaseOptions<Rows, Base>;

/** A model with every choice made: what `Zoo.make` needs besides the data. */
export interface ResolvedModel {
  readonly name: string;
  /** The base model. Absent for a baseline. */
  readonly base?: string;
  /** Options of the base model or the baseline. */
  readonly options: object;
  /** Options of the match. Absent for an unmatched base model and for a baseline. */
  readonly matching?: ResolvedMatching;
  readonly training: ModelTraining;
  /** The publication or program that each setting comes from, unless it was given. */
  readonly source: string;
}

export interface ResolvedMatching {
  /** Absent if the strategy matches nothing. */
  readonly beta?: number;
  readonly klWeight: number;
  readonly baseNetwork: "interactions-and-profile" | "profile";
  readonly posterior: "sum" | "collaborative";
  readonly dropout: number;
  readonly hiddenDimension: number;
  readonly coldStartRate: number;
  readonly seed: number;
}

/** The published settings of a model on a dataset. */
export interface PublishedSettings<Options> {
  readonly options: Options;
  readonly training: ModelTraining;
  /** The weight of KL(q ‖ N(0, I)). Absent for a baseline. */
  readonly klWeight?: number;
  /** The weight of the match. Absent if nothing is matched. */
  readonly beta?: number;
  /** The publication or program that each of them comes from. */
  readonly source: string;
}

/** A model that a zoo can make, for lists of choices. */
export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly needsProfileEmbeddings: boolean;
}

/** A zoo for code that works with any models: names are strings, and options are checked when a model is made. */
export interface ModelZoo {
  readonly rows: ZooRows;
  readonly baseNames: readonly string[];
  readonly baselineNames: readonly string[];
  readonly modelNames: readonly string[];
  readonly models: readonly ModelEntry[];
  defaultModels(data: Pick<SplitDataset, "profileEmbeddings">): readonly string[];
  quickModels(data: Pick<SplitDataset, "profileEmbeddings">): readonly string[];
  publishedSettings(name: string, model?: string, dataset?: SettingsName): PublishedSettings<object>;
  createModel(name: string, data: SplitDataset, options?: ModelOptions): Recommender;
  resolve(name: string, data: SplitDataset, options?: ModelOptions): ResolvedModel;
  make(model: ResolvedModel, data: SplitDataset): Recommender;
}
