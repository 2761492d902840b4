import type { SplitDataset } from "./dataset";
import type { Recommender } from "./recommender";

/** Fits recommenders: the one place where models, data and engines meet. */
export interface Trainer {
  /**
   * Trains `recommender` on the training part, watching the validation part; afterwards its variables hold the best
   * state seen.
   *
   * @throws NonFiniteLossError when a loss term becomes NaN or infinite.
   * @throws CheckpointError when a checkpoint cannot be read or written, or belongs to another run.
   */
  fit(recommender: Recommender, data: SplitDataset, options?: FitOptions): Promise<TrainingResult>;
}

export interface FitOptions {
  /** Stops the run after the step in progress, once everything needed to go on is saved. */
  readonly signal?: AbortSignal;
  /** The run's directory: its manifest, and checkpoints to go on from. Without it nothing is saved. */
  readonly directory?: string;
  /**
   * What to do with a checkpoint in the directory: `if-present` (the default) goes on from it, `never` starts anew and
   * replaces it, `required` fails where there is none.
   */
  readonly resume?: "if-present" | "never" | "required";
  readonly callbacks?: readonly TrainingCallbacks[];
}

/** What a caller may watch; every method is optional, and a promise is awaited. */
export interface TrainingCallbacks {
  onStep?(progress: StepProgress): void | Promise<void>;
  onEpochEnd?(record: EpochRecord): void | Promise<void>;
  onEvaluation?(record: EvaluationRecord): void | Promise<void>;
  onCheckpoint?(file: string): void | Promise<void>;
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
  /** The mean of each loss term over the users of the epoch, and their sum as `total`. */
  readonly losses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface EvaluationRecord {
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** True when this is the best state so far. */
  readonly best: boolean;
}

export interface TrainingResult {
  /** Why the run ended. An interrupted one can be resumed. */
  readonly stopped: "patience" | "epochs" | "interrupted";
  readonly epochs: number;
  readonly steps: number;
  readonly bestEpoch: number;
  /** Metrics on the validation part at the best epoch. */
  readonly bestMetrics: Readonly<Record<string, number>>;
  readonly epochHistory: readonly EpochRecord[];
  readonly evaluationHistory: readonly EvaluationRecord[];
  /** The mean over epochs, evaluation left out. */
  readonly secondsPerEpoch: number;
}
