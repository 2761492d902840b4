import type { ForwardContext, HostStep, RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import type { StepClock } from "./engine";

export interface ForwardContextOptions {
  readonly training: boolean;
  /** The run's generator; every value asked for gets a stream of its own from it. */
  readonly random: RandomGenerator;
  readonly step: number;
  readonly epoch: number;
  /** What happens to what the model has observed; by default nothing. */
  readonly observe?: Observe;
}

/** Makes the numbers of one request for a step; a longer array starts with the same numbers. */
export type HostValues = (host: HostStep) => Float32Array;

/** Takes the numbers of a tensor that a model has observed. */
export type TakeValues = (values: Float32Array) => void;

/** Sees to it that the numbers of a tensor are taken after the step. */
export type Observe = (tensor: tf.Tensor, take: TakeValues) => void;

/** Gives a model a tensor of numbers that the host makes for each step. */
export type ProvideHostValues = <R extends tf.Rank>(shape: tf.ShapeMap[R], make: HostValues) => tf.Tensor<R>;

/** A context for one forward pass, now, in tensors of the present backend. */
export function createForwardContext(options: ForwardContextOptions): ForwardContext {
  const { training, random, observe = () => {}, ...clock } = options;
  let requests = 0;
  const provide: ProvideHostValues = (shape, make) => {
    requests += 1;
    return tf.tensor(make(hostStep(random, clock, requests)), shape);
  };
  return contextOf(training, provide, observe);
}

/**
 * The step as the n-th request of a forward pass sees it. What it draws depends on the run's seed, the step and the
 * position of the request alone, so that a run resumed at a step, or another engine, draws the same.
 */
export function hostStep(random: RandomGenerator, { step, epoch }: StepClock, request: number): HostStep {
  return { step, epoch, random: random.fork("step", step, request) };
}

/** A context that gets its numbers from elsewhere, and gives observed ones there. */
export function contextOf(training: boolean, provide: ProvideHostValues, observe: Observe): ForwardContext {
  return {
    training,
    normal: (shape) => {
      const size = tf.util.sizeFromShape(shape);
      return provide(shape, ({ random }) => random.fillNormal(new Float32Array(size)));
    },
    dropout(values, rate) {
      if (!training || rate === 0) return values;
      const kept = 1 / (1 - rate);
      const { size } = values;
      const mask = provide(values.shape, ({ random }) => {
        const factors = new Float32Array(size);
        // A loop takes a quarter of the time of Float32Array.from, and without a branch, which nobody can predict, half of that.
        for (let index = 0; index < size; index += 1)
          factors[index] = Number(random.uniform() >= rate) * kept;
        return factors;
      });
      return tf.mul(values, mask);
    },
    hostInput: (shape, make) => provide(shape, (host) => Float32Array.from(make(host))),
    observe(tensor, take) {
      if (training) observe(tensor, take);
    },
  };
}
