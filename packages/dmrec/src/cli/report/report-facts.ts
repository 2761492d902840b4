import type { DatasetDescription } from "@dmrec/data";

/** Everything that a report shows, as JSON: the pages hold no other number. */
export interface ReportFacts {
  readonly kind: "run" | "comparison";
  readonly directory: string;
  readonly data: DataFacts;
  /** The validation metric that decides which epoch and which model are best. */
  readonly monitor: string;
  /** The models in the order of the comparison; one for a run. The others are compared with the first. */
  readonly models: readonly ModelFacts[];
  /** The model that is best on the validation part. */
  readonly best: string;
  readonly examples: readonly ExampleFacts[];
}

export interface DataFacts extends DatasetDescription {
  readonly name: string;
  /** The fingerprint of the data. */
  readonly sha256: string;
  /** The width of the profile embeddings, if there are some. */
  readonly embeddingWidth?: number;
  /** The flags that the data was read with. */
  readonly settings: readonly Setting[];
  /** Users by their training interactions, and items by theirs. */
  readonly userActivity: readonly Bin[];
  readonly itemActivity: readonly Bin[];
}

/** The number of users or items with `least` to `most` training interactions. */
export interface Bin {
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** A choice by its path, such as `matching.beta`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** A mean over users and the interval of 95% that holds it; without an interval for a single user. */
export interface Measured {
  readonly mean: number;
  readonly low?: number;
  readonly high?: number;
}

/** The difference to the first model on a metric. */
export interface Gain extends Measured {
  /** The difference as a share of the first model's mean; absent if that is 0. */
  readonly share?: number;
  /** Two-sided, of a paired t-test over users, corrected for all metrics and models of the report (Holm). */
  readonly pValue: number;
}

export interface ModelFacts {
  /** The name in the comparison, such as `mddm`. */
  readonly name: string;
  /** The name that the model gives itself, such as `mult-vae+mddm`. */
  readonly title: string;
  /** The publication or program that settings come from. */
  readonly source: string;
  readonly settings: readonly Setting[];
  readonly training: TrainingFacts;
  readonly curve: CurveFacts;
  /** Metrics of the best epoch on the validation part. */
  readonly validation: Readonly<Record<string, number>>;
  readonly test: Readonly<Record<string, Measured>>;
  /** By metric; absent for the first model. */
  readonly gains?: Readonly<Record<string, Gain>>;
  /** Test users by training interactions, from the fewest to the most. */
  readonly groups: readonly GroupFacts[];
}

/** The training of a model, as its manifest records it. */
export interface TrainingFacts {
  /** When the training ended, in ISO 8601. */
  readonly writtenAt: string;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly stopped: string;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly secondsPerEpoch: number;
}

/** The log of a run. */
export interface CurveFacts {
  readonly losses: readonly { readonly epoch: number; readonly terms: Readonly<Record<string, number>> }[];
  readonly validation: readonly {
    readonly epoch: number;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

export interface GroupFacts {
  readonly least: number;
  readonly most: number;
  readonly users: number;
  readonly metrics: Readonly<Record<string, Measured>>;
}

/** A user, and what models recommend. */
export interface ExampleFacts {
  readonly userId: string;
  /** The number of training items of the user. */
  readonly trainingItems: number;
  /** The names of the first of them. */
  readonly knows: readonly string[];
  /** The number of items that were held out. */
  readonly heldOutItems: number;
  /** By model: the best one, and the first one of a comparison. */
  readonly lists: readonly {
    readonly model: string;
    readonly items: readonly { readonly name: string; readonly isHeldOut: boolean }[];
  }[];
}
