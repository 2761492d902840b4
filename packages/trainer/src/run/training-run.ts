import { setImmediate } from "node:timers/promises";
import {
  type ExampleRows,
  FileError,
  InvalidDataError,
  NonFiniteLossError,
  RandomGenerator,
  type SplitDataset,
  type TrainingCallbacks,
  type TrainingResult,
} from "@dmrec/core";
import type { NamedArrays } from "../artifacts/safetensors";
import type { FitSettings } from "../call-options";
import type { EngineSession } from "../engine/engine";
import { evaluateSession } from "../evaluate-session";
import type { CheckpointStore } from "../files/checkpoint-store";
import type { TrainerSettings } from "../trainer-options";
import { afterEvaluation } from "./early-stopping";
import { type Examples, exampleCount } from "./examples";
import { initialRunState, type RunState } from "./run-state";

export interface TrainingRunInput {
  readonly session: EngineSession;
  readonly examples: Examples;
  /** False for a model without trained parameters: it is evaluated only. */
  readonly isTrainable: boolean;
  readonly data: SplitDataset;
  readonly settings: TrainerSettings;
  readonly options: FitSettings;
  readonly store?: CheckpointStore | undefined;
}

/** One fit: the loop over epochs, its early stopping and its checkpoints. */
export class TrainingRun {
  readonly #session: EngineSession;
  readonly #examples: Examples;
  readonly #isTrainable: boolean;
  readonly #data: SplitDataset;
  readonly #settings: TrainerSettings;
  readonly #options: FitSettings;
  readonly #store: CheckpointStore | undefined;
  readonly #callbacks: readonly TrainingCallbacks[];
  #random: RandomGenerator;
  #state: RunState = initialRunState;
  #saved: RunState | undefined;
  #best: NamedArrays | undefined;
  /** The weights before the fit, for as long as there are no best ones. */
  #before: NamedArrays | undefined;
  #lastSave = performance.now();

  constructor({ session, examples, isTrainable, data, settings, options, store }: TrainingRunInput) {
    this.#session = session;
    this.#examples = examples;
    this.#isTrainable = isTrainable;
    this.#data = data;
    this.#settings = settings;
    this.#options = options;
    this.#store = store;
    this.#callbacks = options.callbacks;
    this.#random = RandomGenerator.fromSeed(settings.seed).fork("epochs");
  }

  /**
   * Continues from the store's checkpoint, or starts with fresh optimizer and training states. Call it before
   * {@link run}.
   *
   * @throws FileError if the checkpoint belongs to another run or cannot be read, or if there is none and it is required.
   */
  async resume(): Promise<void> {
    const { resume } = this.#options;
    const checkpoint = resume === "never" ? undefined : await this.#store?.load();
    if (!checkpoint?.best) this.#before = await this.#session.readParameters();
    if (checkpoint) {
      this.#state = checkpoint.state;
      this.#saved = checkpoint.state;
      this.#random = RandomGenerator.fromState(checkpoint.random);
      this.#best = checkpoint.best;
      this.#session.writeParameters(checkpoint.parameters);
      this.#session.writeOptimizer(checkpoint.optimizer);
      this.#session.states.restore(checkpoint.trainingStates);
    } else if (resume === "required" && this.#store) {
      throw new FileError(this.#store.file, "is absent; expected a checkpoint to resume from");
    } else {
      this.#session.writeOptimizer({});
      this.#session.states.restore();
    }
  }

  /**
   * Trains to the end, or to the signal. If the loss or the scores are no longer numbers, the best weights are written back,
   * or those before the fit if none were evaluated.
   *
   * @throws NonFiniteLossError, FileError, InvalidDataError
   */
  async run(): Promise<TrainingResult> {
    for (const message of this.#examples.warnings)
      for (const callbacks of this.#callbacks) await callbacks.onWarning?.(message);
    const stopped = await this.#loop().catch((error: unknown) => {
      const usable = this.#best ?? this.#before;
      if (usable && isDivergence(error)) this.#session.writeParameters(usable);
      throw error;
    });
    if (stopped !== "interrupted" && this.#best) this.#session.writeParameters(this.#best);
    return this.#result(stopped);
  }

  async #loop(): Promise<TrainingResult["stopped"]> {
    const { checkpointIntervalSeconds } = this.#settings;
    const { interval, patience } = this.#settings.evaluation;
    const epochs = this.#isTrainable ? this.#settings.epochs : 0;
    while (this.#state.epoch < epochs && this.#state.earlyStopping.waited < patience) {
      const finished = await this.#epoch();
      if (!finished) {
        await this.#save();
        return "interrupted";
      }
      if (this.#state.epoch % interval === 0) await this.#evaluate();
      if (performance.now() - this.#lastSave >= checkpointIntervalSeconds * 1000) await this.#save();
    }
    await this.#save();
    if (this.#state.earlyStopping.waited >= patience) return "patience";
    // Not saved, because a longer run that continues from here would not have evaluated this epoch.
    if (this.#state.epoch % interval !== 0 || !this.#isTrainable) await this.#evaluate();
    return "epochs";
  }

  /** Runs the epoch in progress from its next batch on. Returns false if the signal stopped it. */
  async #epoch(): Promise<boolean> {
    const { epochs } = this.#settings;
    const { epoch, batch: done } = this.#state;
    const { batchCount, count } = this.#examples;
    const batch = this.#examples.epoch(this.#random.fork("order", epoch));
    for (let index = done; index < batchCount; index += 1) {
      // Backends that compute synchronously would never give signals, timers and servers of the program a turn.
      await setImmediate();
      if (this.#options.abortSignal?.aborted) return false;
      await this.#step(batch(index));
      const progress = { epoch, epochs, step: this.#state.batch, stepsPerEpoch: batchCount };
      for (const callbacks of this.#callbacks) await callbacks.onStep?.(progress);
    }
    const losses = Object.entries(this.#state.lossSums).map(([term, sum]) => [term, sum / count] as const);
    const total = losses.reduce((sum, [, value]) => sum + value, 0);
    const record = {
      epoch: epoch + 1,
      losses: { ...Object.fromEntries(losses), total },
      seconds: this.#state.seconds,
    };
    this.#advance({
      epoch: epoch + 1,
      batch: 0,
      lossSums: {},
      seconds: 0,
      epochHistory: [...this.#state.epochHistory, record],
    });
    for (const callbacks of this.#callbacks) await callbacks.onEpochEnd?.(record);
    return true;
  }

  async #step(rows: ExampleRows): Promise<void> {
    const started = performance.now();
    const { step, epoch, batch } = this.#state;
    const losses = await this.#session.step(rows, { step, epoch });
    for (const [term, value] of Object.entries(losses)) {
      if (!Number.isFinite(value)) throw new NonFiniteLossError(step, term, value);
    }
    const sums = Object.entries(losses).map(([term, value]) => [
      term,
      (this.#state.lossSums[term] ?? 0) + value * exampleCount(rows),
    ]);
    const seconds = this.#state.seconds + (performance.now() - started) / 1000;
    this.#advance({ step: step + 1, batch: batch + 1, lossSums: Object.fromEntries(sums), seconds });
  }

  async #evaluate(): Promise<void> {
    const { monitor } = this.#settings.evaluation;
    const { epoch } = this.#state;
    const { metrics } = await evaluateSession(this.#session, this.#data, this.#settings, {
      part: "validation",
    });
    const earlyStopping = afterEvaluation(this.#state.earlyStopping, monitor, epoch, metrics);
    const best = earlyStopping.bestEpoch === epoch;
    if (best) {
      this.#best = await this.#session.readParameters();
      this.#before = undefined;
    }
    const record = { epoch, metrics, best };
    this.#advance({ earlyStopping, evaluationHistory: [...this.#state.evaluationHistory, record] });
    for (const callbacks of this.#callbacks) await callbacks.onEvaluation?.(record);
  }

  async #save(): Promise<void> {
    if (!this.#store || this.#saved === this.#state) return;
    await this.#store.save({
      state: this.#state,
      random: this.#random.state(),
      parameters: await this.#session.readParameters(),
      optimizer: await this.#session.readOptimizer(),
      ...(this.#best && { best: this.#best }),
      trainingStates: this.#session.states.serialize(),
    });
    this.#saved = this.#state;
    this.#lastSave = performance.now();
    for (const callbacks of this.#callbacks) await callbacks.onCheckpoint?.(this.#store.file);
  }

  #advance(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #result(stopped: TrainingResult["stopped"]): TrainingResult {
    const { epoch, step, earlyStopping, epochHistory, evaluationHistory } = this.#state;
    const seconds = epochHistory.reduce((sum, record) => sum + record.seconds, 0);
    return {
      stopped,
      epochs: epoch,
      steps: step,
      bestEpoch: earlyStopping.bestEpoch,
      bestMetrics: earlyStopping.bestMetrics,
      epochHistory,
      evaluationHistory,
      secondsPerEpoch: epochHistory.length === 0 ? 0 : seconds / epochHistory.length,
    };
  }
}

/** True for an error of a loss or of scores that are no numbers: the weights of the last step cannot be used. */
function isDivergence(error: unknown): boolean {
  return (
    NonFiniteLossError.isInstance(error) || (InvalidDataError.isInstance(error) && error.source === "scores")
  );
}
