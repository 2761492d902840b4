import { type ExampleRows, type ForwardContext, RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { createForwardContext, createTrainingStates, type TrainingStates } from "../forward-context";

export interface TestContextOptions {
  /** @default true */
  readonly training?: boolean;
  /** @default 0 */
  readonly step?: number;
  /** @default 0 */
  readonly epoch?: number;
  /** The seed of what is fed. @default 1 */
  readonly seed?: number;
  /** Draws noise and drops values. Otherwise noise is 0 and nothing is dropped. @default false */
  readonly noise?: boolean;
  /** The host's examples of the step. @default no users */
  readonly batch?: ExampleRows;
  /** The training states of a run, to be shared by several contexts. @default states of this context */
  readonly states?: TrainingStates;
}

const noUsers: ExampleRows = {
  itemCount: 0,
  rowCount: 0,
  rows: new Int32Array(0),
  items: new Int32Array(0),
  weights: new Float32Array(0),
};

/**
 * A forward context for unit tests of models: tensors of the current backend, reports at once.
 *
 * @example
 * const parameters = openParameters(model);
 * const terms = model.loss(parameters, userBatch(5, [[0, 3], [4]]), testContext({ step: 10 }));
 */
export function testContext({
  training = true,
  step = 0,
  epoch = 0,
  seed = 1,
  noise = false,
  batch = noUsers,
  states = createTrainingStates(),
}: TestContextOptions = {}): ForwardContext {
  const context = createForwardContext({
    training,
    step,
    epoch,
    batch,
    states,
    random: RandomGenerator.fromSeed(seed),
    report: (tensor, take) => take(tensor.dataSync<"float32">()),
  });
  if (noise) return context;
  return { ...context, normal: (shape) => tf.zeros(shape), dropout: (values) => values };
}
