import { arraysByName, isConstant, type Recommender } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** Tensors of the model's constants. All graphs share the arrays behind them. */
export function constantTensors({ parameters }: Recommender): ReadonlyMap<string, tf.Tensor> {
  const constants = [...arraysByName(parameters)].flatMap(([name, array]) => {
    if (!isConstant(array)) return [];
    const type = array.values instanceof Int32Array ? "int32" : "float32";
    return [[name, tf.tensor(array.values, [...array.shape], type)] as const];
  });
  return new Map(constants);
}
