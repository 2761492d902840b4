import {
  type EngineReport,
  type EvaluateOptions,
  type ExportData,
  type ExportOptions,
  type FitOptions,
  type OpenRecommender,
  parseOptions,
  type RankingReport,
  type Recommendation,
  type RecommendationRequest,
  type Recommender,
  type SplitDataset,
  type TrainingResult,
  UnsupportedError,
  type UserRows,
} from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { exportOnnx } from "./artifacts/export-onnx";
import { writeWeights } from "./artifacts/weights-file";
import { assertDataFits, assertRowsFit } from "./assert-fits";
import { evaluateSchema, exportSchema, type FitSettings, fitSchema } from "./call-options";
import type { EngineSession } from "./engine/engine";
import { evaluateSession } from "./evaluate-session";
import { CheckpointStore } from "./files/checkpoint-store";
import { assertGroupsExist } from "./optimizer/adam";
import { tableNames } from "./optimizer/table-names";
import { bestItems } from "./recommend/best-items";
import { parseRequest } from "./recommend/request";
import { trainingExamples } from "./run/examples";
import type { RunIdentity } from "./run/run-identity";
import { writeRunManifest } from "./run/run-manifest";
import { TrainingRun } from "./run/training-run";
import { trainedArrays } from "./trained-arrays";
import type { TrainerSettings } from "./trainer-options";

/** A recommender on an engine, from opening to closing. */
export class OpenModel implements OpenRecommender {
  readonly recommender: Recommender;
  readonly #session: EngineSession;
  readonly #settings: TrainerSettings;
  #data: SplitDataset | undefined;
  #isFitting = false;
  #closed: Promise<void> | undefined;
  /** Calls in flight, which closing waits for. */
  readonly #calls = new Set<Promise<unknown>>();

  constructor(
    recommender: Recommender,
    session: EngineSession,
    settings: TrainerSettings,
    data: SplitDataset | undefined,
  ) {
    this.recommender = recommender;
    this.#session = session;
    this.#settings = settings;
    this.#data = data;
  }

  get engine(): EngineReport {
    return this.#session.report;
  }

  fit(data: SplitDataset, options: FitOptions = {}): Promise<TrainingResult> {
    return this.#call(async () => {
      const settings = parseOptions("fit", fitSchema, options);
      assertDataFits(this.recommender, data);
      assertGroupsExist(this.recommender.parameters, this.#settings.adam);
      if (this.#isFitting)
        throw new UnsupportedError(`${this.recommender.name} is being fitted already; await that first`);
      this.#isFitting = true;
      this.#data = data;
      try {
        return await this.#fit(data, settings);
      } finally {
        this.#isFitting = false;
      }
    });
  }

  async #fit(data: SplitDataset, options: FitSettings): Promise<TrainingResult> {
    const { directory } = options;
    const identity = this.#identity(data);
    const arrays = trainedArrays(this.recommender);
    const run = new TrainingRun({
      session: this.#session,
      examples: trainingExamples(this.recommender.examples, data, this.#settings.batchSize),
      isTrainable: arrays.size > 0,
      data,
      settings: this.#settings,
      options,
      store: directory === undefined ? undefined : new CheckpointStore(directory, identity, arrays),
    });
    const manifest = { identity, data, engine: this.engine };
    // Before anything is written: the directory may belong to another run.
    await run.resume();
    if (directory !== undefined) await writeRunManifest(directory, { ...manifest, status: "running" });
    const result = await run.run().catch(async (failure: unknown) => {
      if (directory !== undefined) {
        const error = failure instanceof Error ? failure.message : String(failure);
        const failed = { ...manifest, engine: this.engine, status: "failed", error } as const;
        // The error of the run says more than one of its manifest, on a full disk for example.
        await writeRunManifest(directory, failed).catch(() => {});
      }
      throw failure;
    });
    if (directory !== undefined) {
      const { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch } = result;
      const status = stopped === "interrupted" ? "interrupted" : "finished";
      const results = { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch };
      await writeRunManifest(directory, { ...manifest, engine: this.engine, status, results });
    }
    return result;
  }

  evaluate(data: SplitDataset, options: EvaluateOptions = {}): Promise<RankingReport> {
    return this.#call(async () => {
      const settings = parseOptions("evaluate", evaluateSchema, options);
      assertDataFits(this.recommender, data);
      return evaluateSession(this.#session, data, this.#settings, settings);
    });
  }

  score(rows: UserRows): Promise<Float32Array> {
    return this.#call(async () => {
      assertRowsFit(this.recommender, rows);
      return this.#score(rows);
    });
  }

  recommend(request: RecommendationRequest): Promise<Recommendation[]> {
    return this.#call(async () => {
      const { rows, count, exclude } = parseRequest(this.recommender, this.#data, request);
      const scores = await this.#score(rows);
      return bestItems(scores, { data: this.#data, seenItems: [...rows.items, ...exclude], count });
    });
  }

  export(
    file: string,
    data: ExportData | undefined = this.#data,
    options: ExportOptions = {},
  ): Promise<void> {
    return this.#call(async () => {
      const { precision } = parseOptions("export", exportSchema, options);
      await exportOnnx(this.recommender, await this.#session.readParameters(), file, data, precision);
    });
  }

  save(file: string): Promise<void> {
    return this.#call(async () => writeWeights(this.recommender, await this.#session.readParameters(), file));
  }

  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#calls).then(() => this.#session.close());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #score(rows: UserRows): Promise<Float32Array> {
    const scores = new Float32Array(rows.rowCount * this.recommender.itemCount);
    await this.#session.score(rows, scores);
    return scores;
  }

  #call<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#closed)
      return Promise.reject(new UnsupportedError(`${this.recommender.name} is closed; open it again`));
    const result = run();
    this.#calls.add(result);
    return result.finally(() => this.#calls.delete(result));
  }

  #identity(data: SplitDataset): RunIdentity {
    const { seed, batchSize, evaluation } = this.#settings;
    const { rowWise, ...adam } = this.#settings.adam;
    const tables = tableNames(this.recommender, { rowWise });
    const { interval, monitor, cutoffs, excludeSeen } = evaluation;
    return {
      model: this.recommender.configuration,
      data: fingerprint(data),
      training: {
        seed,
        batchSize,
        adam,
        ...(tables.length > 0 && { rowWise: tables }),
        evaluation: { interval, monitor, cutoffs: [...cutoffs], excludeSeen },
      },
    };
  }
}
