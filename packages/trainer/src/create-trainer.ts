import {
  DMRecError,
  type FitOptions,
  type HeldOutPart,
  type InteractionRows,
  parseOptions,
  type Recommender,
  type SplitDataset,
  type Trainer,
  type TrainingResult,
} from "@dmrec/core";
import { fingerprint, rowsOf } from "@dmrec/data";
import { evaluateRanking, type RankingReport } from "@dmrec/eval";
import { assertPartsFit } from "./adam";
import { assertFits, assertItemsFit } from "./assert-fits";
import { CheckpointStore } from "./checkpoint-store";
import { chooseEngine } from "./choose-engine";
import type { Engine, EngineReport, EngineSession } from "./engine";
import type { RunIdentity } from "./run-identity";
import { writeRunManifest } from "./run-manifest";
import { type TrainingOptions, type TrainingSettings, trainingSchema } from "./training-options";
import { TrainingRun } from "./training-run";

/** A trainer that also evaluates and scores, on the engine it was made with. */
export interface ModelTrainer extends Trainer {
  /** Which engine and backend run the steps, and why. */
  readonly engine: EngineReport;
  /** Full-ranking metrics of a recommender on a part that it was not fitted on. */
  evaluate(recommender: Recommender, data: SplitDataset, options?: EvaluateOptions): Promise<RankingReport>;
  /**
   * Scores of all items for given interactions, `[rows, items]` row after row.
   *
   * @throws InvalidDataError where they are of another number of items.
   */
  scores(recommender: Recommender, rows: InteractionRows): Promise<Float32Array>;
}

export interface EvaluateOptions {
  /** Default `test`. */
  readonly part?: HeldOutPart;
  readonly cutoffs?: readonly number[];
}

/**
 * Makes a trainer and starts its engine; make it before the models, whose variables live on the engine's backend.
 *
 * @throws InvalidOptionsError
 * @throws DMRecError (`unsupported`) where the engine, backend or execution provider asked for cannot be started.
 */
export async function createTrainer(options: TrainingOptions = {}): Promise<ModelTrainer> {
  const settings = parseOptions("createTrainer", trainingSchema, options);
  return new EngineTrainer(await chooseEngine(settings), settings);
}

/** The session of a fit, and who else is using it: it is closed after them. */
interface SharedSession {
  readonly session: Promise<EngineSession>;
  readonly readers: Set<Promise<unknown>>;
}

class EngineTrainer implements ModelTrainer {
  readonly #engine: Engine;
  readonly #settings: TrainingSettings;
  /** Of the recommenders that are being fitted: whoever scores one meanwhile sees its present state. */
  readonly #fitting = new Map<Recommender, SharedSession>();

  constructor(engine: Engine, settings: TrainingSettings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  get engine(): EngineReport {
    return this.#engine.report;
  }

  async fit(recommender: Recommender, data: SplitDataset, options: FitOptions = {}): Promise<TrainingResult> {
    assertFits(recommender, data);
    assertPartsFit(Object.keys(recommender.variables), this.#settings.adam);
    const { directory } = options;
    const identity = this.#identity(recommender, data);
    const store = directory === undefined ? undefined : new CheckpointStore(directory, identity);
    if (this.#fitting.has(recommender)) {
      throw new DMRecError("unsupported", `${recommender.name} is being fitted already; await that first`);
    }
    const { seed, adam } = this.#settings;
    const shared = {
      session: this.#engine.open(recommender, { seed, adam }),
      readers: new Set<Promise<unknown>>(),
    };
    this.#fitting.set(recommender, shared);
    try {
      const session = await shared.session;
      return await this.#run(session, { recommender, data, options, identity, store });
    } finally {
      this.#fitting.delete(recommender);
      await Promise.allSettled(shared.readers);
      await shared.session.then((session) => session.close());
    }
  }

  async #run(
    session: EngineSession,
    {
      recommender,
      data,
      options,
      identity,
      store,
    }: {
      readonly recommender: Recommender;
      readonly data: SplitDataset;
      readonly options: FitOptions;
      readonly identity: RunIdentity;
      readonly store: CheckpointStore | undefined;
    },
  ): Promise<TrainingResult> {
    const { memory } = recommender;
    const { directory } = options;
    const run = new TrainingRun({ session, memory, data, settings: this.#settings, options, store });
    const manifest = { identity, data, engine: this.engine };
    // A directory of another run is refused as it is.
    await run.resume();
    if (directory !== undefined) await writeRunManifest(directory, { ...manifest, status: "running" });
    const result = await run.run();
    const { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch } = result;
    if (directory !== undefined) {
      const status = stopped === "interrupted" ? "interrupted" : "finished";
      const results = { stopped, epochs, bestEpoch, bestMetrics, secondsPerEpoch };
      await writeRunManifest(directory, { ...manifest, status, results });
    }
    return result;
  }

  async evaluate(
    recommender: Recommender,
    data: SplitDataset,
    options: EvaluateOptions = {},
  ): Promise<RankingReport> {
    assertFits(recommender, data);
    const { part = "test", cutoffs = this.#settings.cutoffs } = options;
    const { mask, batchSize } = this.#settings;
    return this.#withSession(recommender, (session) =>
      evaluateRanking({
        score: (users) => session.scores(rowsOf(data.train, users)),
        data,
        part,
        cutoffs,
        mask,
        batchSize,
      }),
    );
  }

  async scores(recommender: Recommender, rows: InteractionRows): Promise<Float32Array> {
    assertItemsFit(recommender, "rows", rows.itemCount);
    // The session's own array is overwritten by its next scores.
    return this.#withSession(recommender, async (session) => (await session.scores(rows)).slice());
  }

  async #withSession<Result>(
    recommender: Recommender,
    use: (session: EngineSession) => Promise<Result>,
  ): Promise<Result> {
    const fitting = this.#fitting.get(recommender);
    if (fitting) {
      const used = fitting.session.then(use);
      fitting.readers.add(used);
      return used.finally(() => fitting.readers.delete(used));
    }
    const { seed, adam } = this.#settings;
    const session = await this.#engine.open(recommender, { seed, adam });
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  }

  #identity(recommender: Recommender, data: SplitDataset): RunIdentity {
    const { seed, batchSize, adam, evaluateEvery, monitor, cutoffs, mask } = this.#settings;
    return {
      model: recommender.configuration,
      data: fingerprint(data),
      training: { seed, batchSize, adam, evaluateEvery, monitor, cutoffs, mask },
    };
  }
}
