import type { InteractionRows, Recommender } from "@dmrec/core";
import type { AdamSettings } from "./adam";
import type { NamedArrays } from "./safetensors";

/** What runs a recommender's steps, and why this one: for people and run manifests. */
export interface EngineReport {
  readonly name: string;
  readonly backend: string;
  readonly reason: string;
}

/** The moment of a step within its run. */
export interface StepClock {
  readonly step: number;
  readonly epoch: number;
}

/**
 * Executes the steps of recommenders. Everything above it (loop, early stopping, checkpoints) works on the host's
 * arrays and does not know how a step is computed.
 */
export interface Engine {
  readonly report: EngineReport;
  /** Prepares to run a recommender; its variables are the engine's until the session is closed. */
  open(recommender: Recommender, options: SessionOptions): Promise<EngineSession>;
}

export interface SessionOptions {
  readonly seed: number;
  readonly adam: AdamSettings;
}

export interface EngineSession {
  /** One step of optimisation; returns the values of the loss terms before it. */
  step(rows: InteractionRows, clock: StepClock): Promise<Record<string, number>>;
  /** Scores of all items, `[rows, items]` row after row, in an array that the next call may overwrite. */
  scores(rows: InteractionRows): Promise<Float32Array>;
  /** A copy of the recommender's variables. */
  readVariables(): Promise<NamedArrays>;
  writeVariables(arrays: NamedArrays): void;
  /** A copy of the optimizer's state. */
  readOptimizer(): Promise<NamedArrays>;
  writeOptimizer(arrays: NamedArrays): void;
  /** Leaves the recommender with its present variables and frees the rest. */
  close(): Promise<void>;
}
