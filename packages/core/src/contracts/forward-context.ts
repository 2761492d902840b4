import type { Rank, ShapeMap, Tensor } from "@tensorflow/tfjs-core";
import type { RandomGenerator } from "../random/random-generator";
import type { ExampleRows } from "./interactions";
import type { TrainingState } from "./training-state";

/** The step that a value is fed for. */
export interface StepInfo {
  /** Steps taken before this one, over all epochs. */
  readonly step: number;
  /** Epochs finished before this one. */
  readonly epoch: number;
  /** The examples of the step. */
  readonly batch: ExampleRows;
  /** A generator for this value of this step only. The same run seed gives the same generator on every engine. */
  readonly random: RandomGenerator;
}

/**
 * The requests that a model may make during a forward pass, besides its batch and its parameters.
 *
 * Models draw nothing themselves and keep no clock: noise, masks and schedules come from here. So a run is a function
 * of its seed, and an engine that traces a step once can feed new values into every later step. A model must make the
 * same requests in the same order in every step.
 */
export interface ForwardContext {
  /** True while fitting. False for scores, which draw nothing: dropout is off and z is the mean. */
  readonly training: boolean;
  /** Standard normal noise. */
  normal<R extends Rank>(shape: ShapeMap[R]): Tensor<R>;
  /** Inverted dropout: zeroes each value with probability `rate` and scales the others by 1 / (1 − rate). The identity when not training. */
  dropout<T extends Tensor>(values: T, rate: number): T;
  /** A float32 tensor whose values the host makes for every step, such as an annealed weight or a drawn diffusion step. */
  feed<R extends Rank>(shape: ShapeMap[R], make: (step: StepInfo) => ArrayLike<number>): Tensor<R>;
  /**
   * Passes the values of a float32 tensor to the host after a training step, such as losses that later steps depend on.
   * Does nothing when not training.
   */
  report(tensor: Tensor, take: (values: Float32Array) => void): void;
  /**
   * The model's state of this run, which `create` makes at the first request. Every pass of the run gets the same
   * object, and checkpoints hold what it serializes.
   */
  trainingState<State extends TrainingState>(create: () => State): State;
}
