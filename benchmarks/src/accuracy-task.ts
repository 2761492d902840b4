import { join } from "node:path";
import type { BaseName, BaseOptions, SettingsName, TrainingOptions, VariantName } from "dmrec";
import { runName } from "./run-name";

/** A base model and what is different from its published settings. */
export type BaseSettings = {
  readonly [Name in BaseName]: {
    readonly base: Name;
    readonly settings: SettingsName;
    readonly options?: BaseOptions[Name];
    readonly training?: Pick<TrainingOptions, "adam" | "batchSize">;
  };
}[BaseName];

/** The embeddings of the folder, or those of the default encoder, fitted on its profiles. */
export const embeddingSources = ["given", "default"] as const;
export type EmbeddingSource = (typeof embeddingSources)[number];

/** One run of the accuracy benchmark. */
export interface AccuracyTask {
  /** What reports call it. */
  readonly label: string;
  readonly folder: string;
  readonly base: BaseSettings;
  readonly embeddings: EmbeddingSource;
  readonly model: VariantName;
  readonly seed: number;
  readonly epochs: number;
  readonly beta: number | undefined;
  /** What the result is measured on; a search looks at the validation part alone. */
  readonly part: "validation" | "test";
  /** Of the compiled engine: the machine's cores are shared by the runs of a time. */
  readonly threads: number;
  /** Where the run keeps its checkpoints. */
  readonly directory: string;
}

/** A task with its directory in `root`, the folder of its data's runs. */
export function taskIn(root: string, task: Omit<AccuracyTask, "directory">): AccuracyTask {
  const { base, embeddings, model, seed, epochs, beta, part } = task;
  const name = runName(model, seed, { base, embeddings, epochs, beta, part });
  return { ...task, directory: join(root, base.base, name) };
}

export interface AccuracyResult {
  readonly base: BaseName;
  readonly model: VariantName;
  readonly seed: number;
  readonly "recall@20": number;
  readonly "ndcg@20": number;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly secondsPerEpoch: number;
}

/** What a worker tells its parent. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "result"; readonly result: AccuracyResult }
  /** It was asked to stop, and is saved. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failure"; readonly message: string };
