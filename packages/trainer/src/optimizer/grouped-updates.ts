import * as tf from "@tensorflow/tfjs-core";
import { adamStep, type Moments, type ParameterSettings } from "./adam";

/** The inputs of a step of Adam for one parameter. */
export interface ParameterUpdate {
  readonly name: string;
  readonly parameter: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly before: Moments;
  readonly settings: ParameterSettings;
}

/** Parameters of more numbers are updated by themselves: there, an operation takes longer than its start. */
const largestGroupedSize = 2 ** 20;
/** WebGPU guarantees an operation 8 arrays, of which one is the joined array. */
const largestGroup = 7;

/** Groups of small parameters with equal settings; each large parameter is a group of its own. */
export function groupUpdates(updates: readonly ParameterUpdate[]): ParameterUpdate[][] {
  const groups: ParameterUpdate[][] = [];
  const open = new Map<string, ParameterUpdate[]>();
  for (const update of updates) {
    const key = JSON.stringify(update.settings);
    const group = open.get(key);
    if (update.parameter.size > largestGroupedSize) groups.push([update]);
    else if (group && group.length < largestGroup) group.push(update);
    else {
      const started = [update];
      open.set(key, started);
      groups.push(started);
    }
  }
  return groups;
}

/** One step of Adam for parameters with equal settings, by name: the same operations over their joined numbers. */
export function updateTogether(
  group: readonly ParameterUpdate[],
  scalars: { readonly rate: tf.Scalar; readonly offset: tf.Scalar },
): Map<string, Moments & { readonly parameter: tf.Tensor }> {
  const [first] = group;
  if (group.length === 1)
    return new Map([
      [first.name, adamStep(first.parameter, first.gradient, first.before, scalars, first.settings)],
    ]);
  const joined = (tensorOf: (update: ParameterUpdate) => tf.Tensor) =>
    tf.concat(group.map((update) => tf.reshape(tensorOf(update), [-1])));
  const after = adamStep(
    joined(({ parameter }) => parameter),
    joined(({ gradient }) => gradient),
    { mean: joined(({ before }) => before.mean), square: joined(({ before }) => before.square) },
    scalars,
    first.settings,
  );
  const sizes = group.map(({ parameter }) => parameter.size);
  const parts = {
    parameter: tf.split(after.parameter, sizes),
    mean: tf.split(after.mean, sizes),
    square: tf.split(after.square, sizes),
  };
  return new Map(
    group.map(({ name, parameter: { shape } }, index) => [
      name,
      {
        parameter: tf.reshape(parts.parameter[index], shape),
        mean: tf.reshape(parts.mean[index], shape),
        square: tf.reshape(parts.square[index], shape),
      },
    ]),
  );
}
