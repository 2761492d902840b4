import type { ExportPrecision } from "../exported-model";
import type { HeldOutPart, SplitDataset } from "./dataset";
import type { EngineReport } from "./engine-report";
import type { UserRows } from "./interactions";
import type { RankingReport } from "./ranking-report";
import type { Recommendation, RecommendationRequest } from "./recommendation";
import type { Recommender } from "./recommender";

/** Gives recommenders a life: the one place where models, data and engines meet. */
export interface Trainer {
  /** The engine of the models that are opened next. */
  readonly engine: EngineReport;
  /**
   * Opens a recommender with its initial weights, or with those of a file. The caller closes it. A recommender with a
   * formula for its parameters is solved first.
   *
   * @throws InvalidOptionsError for wrong options, or a recommender whose description is incomplete.
   * @throws FileError if the file of weights cannot be read or belongs to another model.
   * @throws InvalidDataError if the data has other users or items than the recommender.
   */
  open(recommender: Recommender, options?: OpenOptions): Promise<OpenRecommender>;
  /**
   * The short way to a fitted model: opens the recommender, fits it, and returns the open model. The caller closes it.
   *
   * @throws NonFiniteLossError, FileError, InvalidDataError, InvalidOptionsError as {@link OpenRecommender.fit} does.
   * @example
   * await using model = await trainer.fit(multVae({ itemCount: data.itemCount }), data);
   * console.log(model.training.bestMetrics);
   */
  fit(recommender: Recommender, data: SplitDataset, options?: FitOptions): Promise<FittedRecommender>;
}

export interface OpenOptions {
  /** The users, items and names that `recommend` and `export` refer to. `fit` sets it, too. */
  readonly data?: SplitDataset | undefined;
  /** A file that `save` wrote. */
  readonly weights?: string | undefined;
}

/** A recommender with its present weights on an engine. Its methods may be called at any time and take turns. */
export interface OpenRecommender {
  readonly recommender: Recommender;
  /** The engine that runs this model. */
  readonly engine: EngineReport;
  /**
   * Trains on the training part and watches the validation part. Afterwards the weights are the best ones seen.
   *
   * @throws NonFiniteLossError if a loss term becomes NaN or infinite. The weights are the best ones seen then, or those
   *   before the fit if none were evaluated.
   * @throws InvalidOptionsError
   * @throws FileError if a checkpoint cannot be read or written, belongs to another run, or has arrays of other shapes.
   * @throws InvalidDataError if the data has other users or items than the recommender, or its loss is no object of tensors.
   * @throws ShapeMismatchError if a loss term is no scalar, or the scores are not `[users, items]`.
   * @throws OutOfMemoryError if a step needs more memory than there is. The message says what takes it.
   */
  fit(data: SplitDataset, options?: FitOptions): Promise<TrainingResult>;
  /**
   * Full-ranking metrics on a held-out part.
   *
   * @throws InvalidOptionsError
   * @throws InvalidDataError if the data has other users or items than the recommender.
   */
  evaluate(data: SplitDataset, options?: EvaluateOptions): Promise<RankingReport>;
  /**
   * Scores of all items, `[rows, items]` row after row, in an array of the caller's own.
   *
   * @throws InvalidDataError if the rows have another number of items, or lack what the recommender reads.
   * @throws ShapeMismatchError if the recommender's scores are not `[rows, items]`.
   */
  score(rows: UserRows): Promise<Float32Array>;
  /**
   * The best items for a user of the data or a new user, best first. Items that the user interacted with are left out.
   *
   * @throws InvalidOptionsError for a request that names an unknown user or item, or a profile of another width.
   * @throws UnsupportedError for a new user if the recommender knows users by their index only.
   * @example
   * await model.recommend({ userIndex: 17, count: 5 });
   * await model.recommend({ interactions: [3, 17], exclude: [4], filter: { genres: "Comedy" } });
   */
  recommend(request: RecommendationRequest): Promise<Recommendation[]>;
  /**
   * Writes the model as one self-contained ONNX file that `@dmrec/serving` and every ONNX runtime can run.
   *
   * @param data Identifiers, names and columns of items, and identifiers of users if the model knows them. Those of the data that the model was
   *   opened with or fitted to if absent.
   * @throws InvalidOptionsError
   * @throws UnsupportedError if an operation of the model has no counterpart in ONNX, or the weights take more than 2.14 GB.
   * @throws FileError if the file cannot be written.
   * @example
   * await model.export("model.onnx", data, { precision: "int8" });
   */
  export(file: string, data?: ExportData, options?: ExportOptions): Promise<void>;
  /**
   * Writes the weights to one safetensors file that `trainer.open(recommender, { weights: file })` reads.
   *
   * @throws FileError if the file cannot be written.
   */
  save(file: string): Promise<void>;
  /** Frees the model after the calls in progress. Closing twice does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An open recommender after its fit. */
export interface FittedRecommender extends OpenRecommender {
  readonly training: TrainingResult;
}

export interface FitOptions {
  /** Stops the run after the step in progress, once everything needed to continue is saved. */
  readonly abortSignal?: AbortSignal | undefined;
  /** The run's directory for its manifest and checkpoints. Without it nothing is saved. */
  readonly directory?: string | undefined;
  /**
   * The use of a checkpoint in the directory: `if-present` continues from it, `never` starts again and replaces
   * it, `required` fails if there is none.
   *
   * @default "if-present"
   */
  readonly resume?: "if-present" | "never" | "required" | undefined;
  /** Callbacks that hear of the run's progress, called one after the other. @default [] */
  readonly callbacks?: readonly TrainingCallbacks[] | undefined;
}

export interface EvaluateOptions {
  /** The part whose items are to be found. @default "test" */
  readonly part?: HeldOutPart | undefined;
  /** Lengths of the rankings that are measured. @default those of the trainer, `evaluation.cutoffs` */
  readonly cutoffs?: readonly number[] | undefined;
}

/** The form of an exported file. */
export interface ExportOptions {
  /**
   * The type of the file's large arrays: `float16` halves the file, `int8` quarters it. Scores stay float32 and differ from
   * those of `float32` by the rounding of the weights.
   *
   * @default "float32"
   */
  readonly precision?: ExportPrecision | undefined;
}

/** The identifiers, names and columns that an exported model holds. */
export type ExportData = Pick<SplitDataset, "itemIds" | "itemNames" | "itemColumns" | "userIds">;

/** Callbacks of a fit. Every method is optional, and a promise is awaited. */
export interface TrainingCallbacks {
  onStep?(progress: StepProgress): void | Promise<void>;
  onEpochEnd?(record: EpochRecord): void | Promise<void>;
  onEvaluation?(record: EvaluationRecord): void | Promise<void>;
  onCheckpoint?(file: string): void | Promise<void>;
  /** Something worth knowing that does not stop the run, such as users without a possible negative item. */
  onWarning?(message: string): void | Promise<void>;
}

export interface StepProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

export interface EpochRecord {
  /** Epochs finished, this one included. */
  readonly epoch: number;
  /** The mean of each loss term over the examples of the epoch, and their sum as `total`. */
  readonly losses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface EvaluationRecord {
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** True if this is the best state so far. */
  readonly best: boolean;
}

export interface TrainingResult {
  /** Why the run ended. An interrupted run can be resumed. */
  readonly stopped: "patience" | "epochs" | "interrupted";
  readonly epochs: number;
  readonly steps: number;
  readonly bestEpoch: number;
  /** Metrics on the validation part at the best epoch. */
  readonly bestMetrics: Readonly<Record<string, number>>;
  readonly epochHistory: readonly EpochRecord[];
  readonly evaluationHistory: readonly EvaluationRecord[];
  /** The mean over epochs, without evaluation. */
  readonly secondsPerEpoch: number;
}
