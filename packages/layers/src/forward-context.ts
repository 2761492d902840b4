import type { ExampleRows, ForwardContext, RandomGenerator, StepInfo, TrainingState } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** Makes the numbers of one request for a step. A longer array starts with the same numbers. */
export type MakeValues = (step: StepInfo) => Float32Array;

/** Takes the values of a reported tensor. */
export type TakeValues = (values: Float32Array) => void;

/** The handlers of a model's requests. */
export interface ContextHandlers {
  readonly training: boolean;
  /** Gives a tensor for values that the host makes for each step. */
  readonly provide: <R extends tf.Rank>(shape: tf.ShapeMap[R], make: MakeValues) => tf.Tensor<R>;
  /** Has the values of a tensor taken after the step. */
  readonly report: (tensor: tf.Tensor, take: TakeValues) => void;
  readonly states: TrainingStates;
}

/** The training states of one run, in the order in which the model asks for them. */
export interface TrainingStates {
  /** The state at a position, which `create` makes at the first request. */
  at<State extends TrainingState>(position: number, create: () => State): State;
}

/** A context that passes each request of a model to handlers. */
export function contextOf({ training, provide, report, states }: ContextHandlers): ForwardContext {
  let statesAsked = 0;
  return {
    training,
    normal: (shape) => {
      const size = tf.util.sizeFromShape(shape);
      return provide(shape, ({ random }) => random.fillNormal(new Float32Array(size)));
    },
    dropout(values, rate) {
      if (!training || rate === 0) return values;
      const scale = 1 / (1 - rate);
      const { size } = values;
      const mask = provide(values.shape, ({ random }) => {
        const factors = new Float32Array(size);
        // A loop takes a quarter of the time of Float32Array.from, and half of that without an unpredictable branch.
        for (let index = 0; index < size; index += 1)
          factors[index] = Number(random.uniform() >= rate) * scale;
        return factors;
      });
      return tf.mul(values, mask);
    },
    feed: (shape, make) => provide(shape, (step) => Float32Array.from(make(step))),
    report(tensor, take) {
      if (training) report(tensor, take);
    },
    trainingState(create) {
      statesAsked += 1;
      return states.at(statesAsked - 1, create);
    },
  };
}

/** The step of a run that a context is made for. */
export interface StepClock {
  readonly step: number;
  readonly epoch: number;
}

/**
 * The step as the n-th request of a forward pass sees it. What a request draws depends only on the run's seed, the step
 * and the position of the request, so a resumed run and another engine draw the same.
 */
export function stepInfo(
  random: RandomGenerator,
  { step, epoch }: StepClock,
  batch: ExampleRows,
  request: number,
): StepInfo {
  return { step, epoch, batch, random: random.fork("step", step, request) };
}

export interface ForwardContextOptions extends StepClock {
  readonly training: boolean;
  /** The run's generator. Every request gets a stream of its own from it. */
  readonly random: RandomGenerator;
  readonly batch: ExampleRows;
  /** Default: reports are dropped. */
  readonly report?: ContextHandlers["report"];
  /** Default: states that last for one pass. */
  readonly states?: TrainingStates;
}

/** A context for one forward pass with tensors of the current backend. */
export function createForwardContext(options: ForwardContextOptions): ForwardContext {
  const { training, random, batch, report = () => {}, states = createTrainingStates(), ...clock } = options;
  let requests = 0;
  return contextOf({
    training,
    report,
    states,
    provide: (shape, make) => {
      requests += 1;
      return tf.tensor(make(stepInfo(random, clock, batch, requests)), shape);
    },
  });
}

/** States that are kept for a run. */
export function createTrainingStates(): TrainingStates & { readonly all: readonly TrainingState[] } {
  const all: TrainingState[] = [];
  return {
    all,
    at<State extends TrainingState>(position: number, create: () => State): State {
      all[position] ??= create();
      // The request at a position is the same in every pass, so its state has the type that `create` gave it.
      return all[position] as State;
    },
  };
}
