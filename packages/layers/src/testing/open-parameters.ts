import { arraysByName, type ParameterTree, type TensorsOf, tensorsOf } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** Tensors of a model's initial parameters and constants, on the current backend. */
export function openParameters<Tree extends ParameterTree>({
  parameters,
}: {
  readonly parameters: Tree;
}): TensorsOf<Tree> {
  const arrays = arraysByName(parameters);
  return tensorsOf(parameters, (name) => {
    const array = arrays.get(name);
    if (!array) throw new RangeError(`there is no array called "${name}"`);
    const type = array.values instanceof Int32Array ? "int32" : "float32";
    return tf.tensor(array.values.slice(), [...array.shape], type);
  });
}
