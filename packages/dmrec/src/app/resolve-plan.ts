import { InvalidOptionsError, type ItemProposal, type SplitDataset } from "@dmrec/core";
import type { AdamOptions, TrainerOptions } from "@dmrec/trainer";
import type { ModelTraining, SettingsName } from "../zoo/model-row";
import type { ModelZoo, ResolvedModel } from "../zoo/model-zoo";

/** The flags of a command that decide what is trained. Everything not given is the published setting. */
export interface PlanFlags {
  /** The folder of the data. Without it the settings suit the small synthetic catalogue. */
  readonly data?: string | undefined;
  readonly base: string;
  readonly settings: SettingsName;
  /** The models to compare. @default `zoo.quickModels(data)` of a folder, otherwise `zoo.defaultModels(data)` */
  readonly models?: readonly string[] | undefined;
  /** The weight β of the match by model. @default {} */
  readonly beta?: Readonly<Record<string, number>> | undefined;
  readonly klWeight?: number | undefined;
  readonly dropout?: number | undefined;
  readonly hidden?: number | undefined;
  readonly latent?: number | undefined;
  readonly coldStartRate?: number | undefined;
  /** Items drawn for each step for the softmax of Mult-VAE's loss; 0 for the full softmax. @default 0 */
  readonly softmaxSamples?: number | undefined;
  /** The way these items are drawn. @default "log-uniform" */
  readonly softmaxProposal?: ItemProposal | undefined;
  readonly seed: number;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly patience?: number | undefined;
  /** The metric that decides which weights and which model are best, e.g. `recall@20`. */
  readonly monitor: string;
  /** Further options of the base model or the baseline, by the names of its own function. */
  readonly ownOptions?: object | undefined;
}

/** Everything that decides the results of a comparison, as JSON: two comparisons with equal plans train the same models. */
export interface ComparisonPlan {
  /** The training of all models, except for what belongs to a model. */
  readonly training: PlannedTraining;
  readonly models: readonly ResolvedModel[];
}

export interface PlannedTraining extends Pick<TrainerOptions, "epochs"> {
  readonly seed: number;
  readonly evaluation: {
    readonly monitor: string;
    readonly cutoffs: readonly number[];
    readonly patience?: number;
  };
}

/** Trains any base model on the synthetic catalogue in seconds. */
const catalogueFlags = {
  hidden: 128,
  latent: 48,
  batchSize: 256,
  epochs: 200,
  patience: 8,
  learningRate: 3e-3,
  // The models of the catalogue are also asked with a text only.
  coldStartRate: 0.3,
};

/** Cut-offs that are always measured. */
const usualCutoffs = [10, 20];

/** The flag of each option of a model, for messages. */
const flagsByOption: Readonly<Record<string, string>> = {
  base: "--base",
  settings: "--settings",
  name: "--models",
  beta: "--beta",
  klWeight: "--kl-weight",
  dropout: "--dropout",
  hiddenDimension: "--hidden",
  latentDimension: "--latent",
  coldStartRate: "--cold-start-rate",
  softmaxSamples: "--softmax-samples",
  softmaxProposal: "--softmax-proposal",
  seed: "--seed",
};

/**
 * Decides from the flags of a command and the data what is trained, without training it.
 *
 * @param owner The command, for messages.
 * @throws InvalidOptionsError naming the flag.
 * @throws InvalidDataError if a model needs profile embeddings and the data has none.
 */
export function resolvePlan(
  flags: PlanFlags,
  data: SplitDataset,
  zoo: ModelZoo,
  owner = "dmrec compare",
): ComparisonPlan {
  const small: Partial<typeof catalogueFlags> = flags.data === undefined ? catalogueFlags : {};
  const epochs = flags.epochs ?? small.epochs;
  const patience = flags.patience ?? small.patience;
  const cutoff = Number(flags.monitor.split("@")[1]);
  const baselines: readonly string[] = zoo.baselineNames;
  const models = flags.models ?? (flags.data === undefined ? zoo.defaultModels(data) : zoo.quickModels(data));
  return {
    training: {
      seed: flags.seed,
      ...(epochs === undefined ? {} : { epochs }),
      evaluation: {
        monitor: flags.monitor,
        cutoffs: [...new Set([...usualCutoffs, cutoff])].sort((a, b) => a - b),
        ...(patience === undefined ? {} : { patience }),
      },
    },
    models: models.map((name) => {
      // A baseline has sizes of its own: those for the catalogue suit base models.
      const sizes = baselines.includes(name) ? flags : { ...small, ...givenFlags(flags) };
      const model = resolveModel(name, { ...flags, ...sizes }, data, zoo, owner);
      return { ...model, training: resolveTraining(model.training, sizes) };
    }),
  };
}

function resolveModel(
  name: string,
  flags: PlanFlags,
  data: SplitDataset,
  zoo: ModelZoo,
  owner: string,
): ResolvedModel {
  const { base, settings, beta, klWeight, dropout, hidden, latent, coldStartRate, seed, ownOptions } = flags;
  const { softmaxSamples, softmaxProposal } = flags;
  try {
    return zoo.resolve(name, data, {
      base,
      settings,
      beta: beta?.[name],
      klWeight,
      dropout,
      hiddenDimension: hidden,
      latentDimension: latent,
      coldStartRate,
      seed,
      softmaxSamples,
      softmaxProposal,
      ownOptions,
    });
  } catch (error) {
    if (!InvalidOptionsError.isInstance(error)) throw error;
    const issues = error.issues.map(({ path, message }) => {
      const flag = flagsByOption[path] ?? path;
      return { path: flag === "--beta" ? `--beta ${name}` : flag, message };
    });
    throw new InvalidOptionsError(owner, issues);
  }
}

/** The published training with a batch size and a learning rate of the flags. The rates of groups keep their ratio to it. */
function resolveTraining(
  published: ModelTraining,
  { batchSize, learningRate }: Pick<PlanFlags, "batchSize" | "learningRate">,
): ModelTraining {
  return {
    ...published,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { adam: withLearningRate(published.adam, learningRate) }),
  };
}

function withLearningRate(adam: ModelTraining["adam"] = {}, learningRate: number): AdamOptions {
  const factor = learningRate / (adam.learningRate ?? learningRate);
  const groups = Object.entries(adam.parameterGroups ?? {}).map(([name, group]) => [
    name,
    group.learningRate === undefined ? group : { ...group, learningRate: group.learningRate * factor },
  ]);
  return {
    ...adam,
    learningRate,
    ...(groups.length === 0 ? {} : { parameterGroups: Object.fromEntries(groups) }),
  };
}

/** The flags that are given. */
function givenFlags(flags: PlanFlags): Partial<typeof catalogueFlags> {
  const { hidden, latent, batchSize, epochs, patience, learningRate, coldStartRate } = flags;
  const given = { hidden, latent, batchSize, epochs, patience, learningRate, coldStartRate };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
