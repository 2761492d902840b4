import { setImmediate } from "node:timers/promises";
import {
  CheckpointError,
  type FitOptions,
  NonFiniteLossError,
  RandomGenerator,
  type SplitDataset,
  type TrainingCallbacks,
  type TrainingMemory,
  type TrainingResult,
} from "@dmrec/core";
import { rowsOf, userBatches } from "@dmrec/data";
import { evaluateRanking } from "@dmrec/eval";
import type { CheckpointStore } from "./checkpoint-store";
import { afterEvaluation } from "./early-stopping";
import type { EngineSession } from "./engine";
import { initialRunState, type RunState } from "./run-state";
import type { NamedArrays } from "./safetensors";
import type { TrainingSettings } from "./training-options";

export interface TrainingRunInput {
  readonly session: EngineSession;
  /** Of the recommender that the session trains. */
  readonly memory?: TrainingMemory | undefined;
  readonly data: SplitDataset;
  readonly settings: TrainingSettings;
  readonly options: FitOptions;
  readonly store?: CheckpointStore | undefined;
}

/** One fit: the loop over epochs, its early stopping and its checkpoints. */
export class TrainingRun {
  readonly #session: EngineSession;
  readonly #memory: TrainingMemory | undefined;
  readonly #data: SplitDataset;
  readonly #settings: TrainingSettings;
  readonly #options: FitOptions;
  readonly #store: CheckpointStore | undefined;
  readonly #callbacks: readonly TrainingCallbacks[];
  #random: RandomGenerator;
  #state: RunState = initialRunState;
  #saved: RunState | undefined;
  #best: NamedArrays | undefined;
  #lastSave = performance.now();

  constructor({ session, memory, data, settings, options, store }: TrainingRunInput) {
    this.#session = session;
    this.#memory = memory;
    this.#data = data;
    this.#settings = settings;
    this.#options = options;
    this.#store = store;
    this.#callbacks = options.callbacks ?? [];
    this.#random = RandomGenerator.fromSeed(settings.seed).fork("epochs");
  }

  /**
   * Takes up what the store holds; to be awaited before {@link run}.
   *
   * @throws CheckpointError where that is of another run or cannot be read.
   */
  async resume(): Promise<void> {
    const { resume = "if-present" } = this.#options;
    const checkpoint = resume === "never" ? undefined : await this.#store?.load();
    if (checkpoint) {
      this.#state = checkpoint.state;
      this.#saved = checkpoint.state;
      this.#random = RandomGenerator.fromState(checkpoint.random);
      this.#best = checkpoint.best;
      this.#session.writeVariables(checkpoint.variables);
      this.#session.writeOptimizer(checkpoint.optimizer);
      if (checkpoint.memory !== undefined) this.#memory?.restore(checkpoint.memory);
    } else if (resume === "required") {
      throw new CheckpointError(this.#store?.file ?? "no directory", "holds no checkpoint to resume from");
    }
  }

  /** Trains to the end, or to the signal. */
  async run(): Promise<TrainingResult> {
    const stopped = await this.#loop();
    if (stopped !== "interrupted" && this.#best) this.#session.writeVariables(this.#best);
    return this.#result(stopped);
  }

  async #loop(): Promise<TrainingResult["stopped"]> {
    const { epochs, evaluateEvery, patience, checkpointSeconds } = this.#settings;
    while (this.#state.epoch < epochs && this.#state.earlyStopping.waited < patience) {
      const finished = await this.#epoch();
      if (!finished) {
        await this.#save();
        return "interrupted";
      }
      if (this.#state.epoch % evaluateEvery === 0) await this.#evaluate();
      if (performance.now() - this.#lastSave >= checkpointSeconds * 1000) await this.#save();
    }
    await this.#save();
    if (this.#state.earlyStopping.waited >= patience) return "patience";
    // Not saved: a run of more epochs, which may go on from here, would not have evaluated this one.
    if (this.#state.epoch % evaluateEvery !== 0) await this.#evaluate();
    return "epochs";
  }

  /** The epoch in progress, from its next batch on; false where the signal stopped it. */
  async #epoch(): Promise<boolean> {
    const { batchSize, epochs } = this.#settings;
    const { epoch, batch: done } = this.#state;
    const random = this.#random.fork("order", epoch);
    const batches = [...userBatches({ userCount: this.#data.userCount, batchSize, random })];
    for (const users of batches.slice(done)) {
      // Backends that compute synchronously would never let signals, timers and servers of the program have a turn.
      await setImmediate();
      if (this.#options.signal?.aborted) return false;
      await this.#step(users);
      const progress = { epoch, epochs, step: this.#state.batch, stepsPerEpoch: batches.length };
      for (const callbacks of this.#callbacks) await callbacks.onStep?.(progress);
    }
    const losses = Object.entries(this.#state.lossSums).map(
      ([term, sum]) => [term, sum / this.#data.userCount] as const,
    );
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

  async #step(users: Int32Array): Promise<void> {
    const started = performance.now();
    const { step, epoch, batch } = this.#state;
    const losses = await this.#session.step(rowsOf(this.#data.train, users), { step, epoch });
    for (const [term, value] of Object.entries(losses)) {
      if (!Number.isFinite(value)) throw new NonFiniteLossError(step, term, value);
    }
    const sums = Object.entries(losses).map(([term, value]) => [
      term,
      (this.#state.lossSums[term] ?? 0) + value * users.length,
    ]);
    const seconds = this.#state.seconds + (performance.now() - started) / 1000;
    this.#advance({ step: step + 1, batch: batch + 1, lossSums: Object.fromEntries(sums), seconds });
  }

  async #evaluate(): Promise<void> {
    const { cutoffs, mask, monitor } = this.#settings;
    const { epoch } = this.#state;
    const { metrics } = await evaluateRanking({
      score: (users) => this.#session.scores(rowsOf(this.#data.train, users)),
      data: this.#data,
      part: "validation",
      cutoffs,
      mask,
      batchSize: this.#settings.batchSize,
    });
    const earlyStopping = afterEvaluation(this.#state.earlyStopping, monitor, epoch, metrics);
    const best = earlyStopping.bestEpoch === epoch;
    if (best) this.#best = await this.#session.readVariables();
    const record = { epoch, metrics, best };
    this.#advance({ earlyStopping, evaluationHistory: [...this.#state.evaluationHistory, record] });
    for (const callbacks of this.#callbacks) await callbacks.onEvaluation?.(record);
  }

  async #save(): Promise<void> {
    if (!this.#store || this.#saved === this.#state) return;
    await this.#store.save({
      state: this.#state,
      random: this.#random.state(),
      variables: await this.#session.readVariables(),
      optimizer: await this.#session.readOptimizer(),
      ...(this.#best ? { best: this.#best } : {}),
      ...(this.#memory ? { memory: this.#memory.read() } : {}),
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
