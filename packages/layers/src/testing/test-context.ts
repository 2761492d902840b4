import { type ExampleRows, type ForwardContext, RandomGenerator } from "@dmrec/core";
import { createForwardContext, createTrainingStates, type TrainingStates } from "../forward-context";
import { userRows } from "./batches";

export interface TestContextOptions {
  /** @default true */
  readonly training?: boolean;
  /** @default 1 */
  readonly seed?: number;
  /** @default 0 */
  readonly step?: number;
  /** @default 0 */
  readonly epoch?: number;
  /** The examples of the step, as values that are fed see them. Default: no users. */
  readonly batch?: ExampleRows;
  /** The training states of the run. Pass the same ones to several contexts to test what a model remembers. */
  readonly states?: TrainingStates;
}

/**
 * A context for one forward pass in a test. It draws by the seed, and passes reported values to the model at once.
 *
 * @example
 * const terms = model.loss(openParameters(model), batch, testContext({ step: 10 }));
 */
export function testContext(options: TestContextOptions = {}): ForwardContext {
  const { training = true, seed = 1, step = 0, epoch = 0, states = createTrainingStates() } = options;
  return createForwardContext({
    training,
    step,
    epoch,
    states,
    batch: options.batch ?? userRows({ itemCount: 0, interactions: [] }),
    random: RandomGenerator.fromSeed(seed),
    report: (tensor, take) => take(Float32Array.from(tensor.dataSync())),
  });
}
