import type { Rank, ShapeMap, Tensor } from "@tensorflow/tfjs-core";
import type { RandomGenerator } from "./random-generator";

/** The moment of a training run that a host value is made for. */
export interface HostStep {
  /** Steps taken before this one, over all epochs. */
  readonly step: number;
  /** Epochs finished before this one. */
  readonly epoch: number;
  /** A generator for this value of this step alone; the same run seed gives the same one on every engine. */
  readonly random: RandomGenerator;
}

/**
 * What a model may ask for during a forward pass, besides its batch and its variables, and the way back to the host.
 *
 * Models draw nothing themselves and keep no clock: noise, masks and schedules all come from here, so that a run is
 * a function of its seed, and an engine that traces a step once can feed new values into every later one.
 * A model must ask for the same values, and have the same ones observed, in the same order in every step.
 */
export interface ForwardContext {
  /** True while fitting; false for scores, which draw nothing: dropout is off and z is the mean. */
  readonly training: boolean;
  /** Standard normal noise. */
  normal<R extends Rank>(shape: ShapeMap[R]): Tensor<R>;
  /** Inverted dropout: zeroes each value with probability `rate` and scales the others by 1 / (1 − rate); the identity when not training. */
  dropout<T extends Tensor>(values: T, rate: number): T;
  /** A float32 tensor whose values the host makes anew for every step, such as an annealed weight or a drawn diffusion step. */
  hostInput<R extends Rank>(shape: ShapeMap[R], make: (host: HostStep) => ArrayLike<number>): Tensor<R>;
  /**
   * Gives the host the numbers of a float32 tensor once a training step is done, such as losses that the host inputs of
   * later steps depend on; what it keeps of them belongs to the model's {@link TrainingMemory}. Nothing is given when
   * not training.
   */
  observe(tensor: Tensor, take: (values: Float32Array) => void): void;
}
