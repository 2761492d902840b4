import type {
  EngineReport,
  ExampleRows,
  InteractionMatrix,
  MatrixProduct,
  Recommender,
  UserRows,
} from "@dmrec/core";
import type { StepClock } from "@dmrec/layers";
import type { NamedArrays } from "../artifacts/safetensors";
import type { AdamSettings } from "../optimizer/adam";
import type { RunStates } from "./run-states";

/**
 * Executes the steps of recommenders. Everything above it (loop, early stopping, checkpoints) works on host arrays and
 * does not know how a step is computed.
 */
export interface Engine {
  readonly report: EngineReport;
  /** Opens a recommender with its initial parameters. Nothing is traced or computed yet. */
  open(recommender: Recommender, options: SessionOptions): Promise<EngineSession>;
  /** Lends the engine's matrix product to a computation, and frees afterwards what the product needed. */
  withProduct<Result>(compute: (product: MatrixProduct) => Promise<Result>): Promise<Result>;
}

export interface SessionOptions {
  readonly seed: number;
  readonly adam: AdamSettings;
}

/** The users whose items are ranked, with what is left out. */
export interface RankedUsers {
  /** `[rows]`: the user of each row, as `excluded` knows it. */
  readonly users: Int32Array;
  readonly excluded: readonly InteractionMatrix[];
  readonly count: number;
}

/** A recommender's weights on an engine, and its steps. Calls take turns. */
export interface EngineSession {
  readonly report: EngineReport;
  /** The model's training states. */
  readonly states: RunStates;
  /**
   * Takes one step of optimisation and returns the values of the loss terms before it.
   *
   * @throws UnsupportedError if the engine cannot run the model; nothing has changed then.
   */
  step(rows: ExampleRows, clock: StepClock): Promise<Record<string, number>>;
  /**
   * Writes the scores of all items, `[rows, items]` row after row, into the first places of an array.
   *
   * @throws UnsupportedError if the engine cannot run the model.
   */
  score(rows: UserRows, into: Float32Array): Promise<void>;
  /**
   * Ranks all items for each row without scores on the host: the best `count` that the user does not have in `excluded`; of
   * equal scores, the lower index comes first. Undefined if the engine scores on the host, or a score is not finite.
   *
   * @throws UnsupportedError if the engine cannot run the model.
   */
  rank(rows: UserRows, request: RankedUsers): Promise<readonly Int32Array[] | undefined>;
  /** The trained parameters: read-only, and later steps do not change them. */
  readParameters(): Promise<NamedArrays>;
  /** Replaces parameters. Large ones may be kept as they are given, so nothing may write into them afterwards. */
  writeParameters(arrays: NamedArrays): void;
  /** Copies of the optimizer's moments. */
  readOptimizer(): Promise<NamedArrays>;
  /** Replaces the optimizer's moments. Moments that are not given start from zero. */
  writeOptimizer(arrays: NamedArrays): void;
  /** Frees everything after the calls in progress. */
  close(): Promise<void>;
}
