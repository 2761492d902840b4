import { join } from "node:path";
import type { ModelTraining, ModelZoo, SettingsName } from "dmrec";
import { z } from "zod";
import { runName } from "./run-name";

/** A model of the zoo, and its differences from the published settings. */
export interface ModelSettings {
  /** The name in the zoo: `base`, a strategy or a baseline. */
  readonly name: string;
  /** The base model. Absent for a baseline. */
  readonly base?: string | undefined;
  readonly settings: SettingsName;
  readonly beta?: number | undefined;
  readonly klWeight?: number | undefined;
  /** Items drawn in each step for the softmax of Mult-VAE's loss. @default all */
  readonly softmaxSamples?: number | undefined;
  /** The posterior that a matched model decodes. */
  readonly posterior?: "sum" | "collaborative" | undefined;
  /** Options of the base model, by the names of its own function. */
  readonly ownOptions?: object | undefined;
  readonly training?: ModelTraining | undefined;
}

/** The settings of a model of a zoo; those of the base model are left out for a baseline. */
export function modelSettings(zoo: ModelZoo, name: string, base: Omit<ModelSettings, "name">): ModelSettings {
  return zoo.baselineNames.includes(name) ? { name, settings: base.settings } : { ...base, name };
}

/** The embeddings of the folder, or those of its profiles by the default encoder or by the Universal Sentence Encoder lite. */
export const embeddingSources = ["given", "default", "use-lite"] as const;
export type EmbeddingSource = (typeof embeddingSources)[number];

/** One run of the accuracy benchmark. */
export interface AccuracyTask {
  /** The name in reports. */
  readonly label: string;
  readonly folder: string;
  readonly model: ModelSettings;
  readonly embeddings: EmbeddingSource;
  readonly seed: number;
  /** The maximum number of epochs. */
  readonly epochs: number;
  /** The part that the result is measured on. A search reads the validation part only. */
  readonly part: "validation" | "test";
  /** Threads of the compiled engine: parallel runs share the machine's cores. */
  readonly threads: number;
  /** The share of users whose profiles are exchanged among each other. @default 0 */
  readonly shuffledProfiles?: number | undefined;
  /** A file for a record of a run on the test part with everything that experiments report. @default none */
  readonly record?: string | undefined;
  /** The directory of the run's checkpoints. */
  readonly directory: string;
}

/** A task with its directory in `root`, the folder of its data's runs. */
export function taskIn(root: string, task: Omit<AccuracyTask, "directory">): AccuracyTask {
  const { model, embeddings, seed, epochs, part, shuffledProfiles } = task;
  const name = runName(model.name, seed, { model, embeddings, epochs, part, shuffledProfiles });
  return { ...task, directory: join(root, model.base ?? "baselines", name) };
}

export const accuracyTaskSchema = z.custom<AccuracyTask>(
  (value) => typeof value === "object" && value !== null && "folder" in value && "model" in value,
  "expected a run of the accuracy benchmark",
);

export const accuracyResultSchema = z.object({
  /** The base model. Absent for a baseline. */
  base: z.string().exactOptional(),
  model: z.string(),
  seed: z.number(),
  "recall@20": z.number(),
  "ndcg@20": z.number(),
  epochs: z.number(),
  bestEpoch: z.number(),
  secondsPerEpoch: z.number(),
});
export type AccuracyResult = z.output<typeof accuracyResultSchema>;
