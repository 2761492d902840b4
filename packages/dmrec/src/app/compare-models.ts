import { join } from "node:path";
import type {
  EngineReport,
  FitOptions,
  OpenRecommender,
  RankingReport,
  SplitDataset,
  Trainer,
  TrainingCallbacks,
  TrainingResult,
} from "@dmrec/core";
import { createTrainer, type EngineChoice, removeCheckpoint } from "@dmrec/trainer";
import { defaultZoo } from "../zoo/default-zoo";
import type { ModelZoo, ResolvedModel } from "../zoo/model-zoo";
import type { ComparisonPlan } from "./resolve-plan";

export interface CompareOptions {
  /** The zoo of the plan's models. @default defaultZoo */
  readonly zoo?: ModelZoo | undefined;
  /** @default automatic() */
  readonly engine?: EngineChoice | undefined;
  /** The comparison's directory: checkpoints, manifest and weights of each model in a folder of its name. @default nothing is saved */
  readonly directory?: string | undefined;
  /** The use of checkpoints in the directory. @default "if-present" */
  readonly resume?: FitOptions["resume"];
  /** Stops the training in progress once it is saved. */
  readonly abortSignal?: AbortSignal | undefined;
  /** Makes the callbacks for the training of a model. */
  readonly callbacks?: ((name: string) => readonly TrainingCallbacks[]) | undefined;
}

/** A model of a comparison after its training. */
export type Outcome =
  | {
      readonly kind: "finished";
      readonly name: string;
      readonly model: ResolvedModel;
      readonly training: TrainingResult;
      /** Metrics on the test part. */
      readonly report: RankingReport;
    }
  | {
      /** The abort signal stopped the training. No model follows. */
      readonly kind: "interrupted";
      readonly name: string;
      readonly model: ResolvedModel;
      readonly training: TrainingResult;
    };

/** The model that ranks the validation part best so far. */
export interface BestModel {
  readonly name: string;
  /** The open model. The comparison closes it. */
  readonly model: OpenRecommender;
  /** The monitored metric on the validation part. */
  readonly value: number;
}

/**
 * Starts a comparison: trains the models of a plan one after the other when it is iterated, and measures each on the test
 * part.
 *
 * @throws InvalidOptionsError for training options that are out of range, before anything is trained.
 * @throws UnsupportedError if the engine cannot be started.
 * @example
 * await using comparison = await compareModels(data, resolvePlan(flags, data, defaultZoo));
 * for await (const outcome of comparison) if (outcome.kind === "finished") console.log(outcome.name, outcome.report.metrics);
 * await comparison.best?.model.recommend({ userIndex: 17 });
 */
export async function compareModels(
  data: SplitDataset,
  plan: ComparisonPlan,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { engine } = options;
  const trainers: Trainer[] = [];
  for (const { training } of plan.models)
    trainers.push(await createTrainer({ ...plan.training, ...training, ...(engine && { engine }) }));
  return new Comparison(data, plan, trainers, options);
}

/** A comparison in progress. Iterating it trains; it keeps the best model open until it is closed. */
export class Comparison implements AsyncIterable<Outcome>, AsyncDisposable {
  readonly plan: ComparisonPlan;
  readonly #data: SplitDataset;
  readonly #trainers: readonly Trainer[];
  readonly #options: CompareOptions;
  #best: BestModel | undefined;

  constructor(
    data: SplitDataset,
    plan: ComparisonPlan,
    trainers: readonly Trainer[],
    options: CompareOptions,
  ) {
    this.plan = plan;
    this.#data = data;
    this.#trainers = trainers;
    this.#options = options;
  }

  /** The engine that trains the models. */
  get engine(): EngineReport | undefined {
    return this.#trainers.at(0)?.engine;
  }

  /** The best model on the validation part among those trained so far: the test part only measures. */
  get best(): BestModel | undefined {
    return this.#best;
  }

  /**
   * Trains the models in the order of the plan.
   *
   * @throws NonFiniteLossError, FileError, InvalidDataError as `OpenRecommender.fit` does.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Outcome> {
    for (const [index, model] of this.plan.models.entries()) {
      const outcome = await this.#train(model, this.#trainers[index]);
      yield outcome;
      if (outcome.kind === "interrupted") return;
    }
  }

  /** Removes the checkpoints of all models, so the next comparison starts again. Weights and manifests stay. */
  async removeCheckpoints(): Promise<void> {
    const { directory } = this.#options;
    if (directory === undefined) return;
    for (const { name } of this.plan.models) await removeCheckpoint(join(directory, name));
  }

  /** Closes the best model. Closing twice does nothing. */
  async close(): Promise<void> {
    await this.#best?.model.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #train(model: ResolvedModel, trainer: Trainer): Promise<Outcome> {
    const { name } = model;
    const { zoo = defaultZoo, abortSignal, callbacks, resume } = this.#options;
    const directory = this.#options.directory && join(this.#options.directory, name);
    const open = await trainer.fit(zoo.make(model, this.#data), this.#data, {
      directory,
      abortSignal,
      callbacks: callbacks?.(name),
      resume,
    });
    try {
      const { training } = open;
      if (training.stopped === "interrupted") return { kind: "interrupted", name, model, training };
      const report = await open.evaluate(this.#data);
      if (directory !== undefined) await open.save(join(directory, "weights.safetensors"));
      await this.#keepIfBest(name, open, training);
      return { kind: "finished", name, model, training, report };
    } finally {
      if (this.#best?.model !== open) await open.close();
    }
  }

  async #keepIfBest(name: string, model: OpenRecommender, { bestMetrics }: TrainingResult): Promise<void> {
    const value = bestMetrics[this.plan.training.evaluation.monitor];
    if (this.#best && this.#best.value >= value) return;
    const previous = this.#best;
    this.#best = { name, model, value };
    await previous?.model.close();
  }
}
