import { arraysByName, type ParameterTree, type TensorsOf, tensorsOf } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * The tensors of a model's parameters and constants on the current backend, with their initial values. The caller
 * disposes them.
 *
 * @example
 * const model = multVae({ itemCount: 5 });
 * const scores = model.scores(openParameters(model), batch, testContext({ training: false }));
 */
export function openParameters<Tree extends ParameterTree>({
  parameters,
}: {
  readonly parameters: Tree;
}): TensorsOf<Tree> {
  const arrays = arraysByName(parameters);
  return tensorsOf(parameters, (name) => {
    const array = arrays.get(name);
    if (!array) throw new RangeError(`no array ${name}`);
    const { values, shape } = array;
    return tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
  });
}
