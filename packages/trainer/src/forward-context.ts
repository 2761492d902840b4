import type { ForwardContext, HostStep, RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

export interface ForwardContextOptions {
  readonly training: boolean;
  /** The run's generator; every value asked for gets a stream of its own from it. */
  readonly random: RandomGenerator;
  readonly step: number;
  readonly epoch: number;
}

/**
 * A context for one forward pass whose values depend on the run's seed, the step and the position of the request alone.
 *
 * So a run resumed at a step, or an engine that pads a batch, draws the same values.
 */
export function createForwardContext({
  training,
  random,
  step,
  epoch,
}: ForwardContextOptions): ForwardContext {
  let requests = 0;
  const next = (): HostStep => {
    requests += 1;
    return { step, epoch, random: random.fork("step", step, requests) };
  };
  return {
    training,
    normal<R extends tf.Rank>(shape: tf.ShapeMap[R]) {
      return tf.tensor<R>(next().random.fillNormal(new Float32Array(tf.util.sizeFromShape(shape))), shape);
    },
    dropout(values, rate) {
      if (!training || rate === 0) return values;
      const { random: stream } = next();
      const kept = 1 / (1 - rate);
      const mask = Float32Array.from({ length: values.size }, () => (stream.uniform() < rate ? 0 : kept));
      return tf.mul(values, tf.tensor(mask, values.shape));
    },
    hostInput<R extends tf.Rank>(shape: tf.ShapeMap[R], make: (host: HostStep) => ArrayLike<number>) {
      return tf.tensor<R>(Float32Array.from(make(next())), shape);
    },
  };
}
