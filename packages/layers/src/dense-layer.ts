import { assertShape, type Parameter, parameter, type RandomGenerator, type TensorsOf } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The parameters of an affine map, x W + b. */
export type DenseParameters = {
  /** `[inputs, outputs]` */
  readonly weights: Parameter<readonly [number, number]>;
  /** `[outputs]` */
  readonly bias: Parameter<readonly [number]>;
};

/** The tensors of an affine map, x W + b. */
export type DenseLayer = TensorsOf<DenseParameters>;

/**
 * A layer whose weights and biases are uniform in ±1/√inputs, as in PyTorch's `nn.Linear`, which the published figures
 * were made with.
 *
 * @example
 * const parameters = { hidden: denseLayer(100, 64, random), output: denseLayer(64, 10, random) };
 */
export function denseLayer(inputs: number, outputs: number, random: RandomGenerator): DenseParameters {
  const bound = 1 / Math.sqrt(inputs);
  return {
    weights: parameter([inputs, outputs], uniform(inputs * outputs, bound, random)),
    bias: parameter([outputs], uniform(outputs, bound, random)),
  };
}

/** A layer with {@link xavierWeights} and biases of 0. */
export function xavierLayer(inputs: number, outputs: number, random: RandomGenerator): DenseParameters {
  return {
    weights: parameter([inputs, outputs], xavierWeights(inputs, outputs, random)),
    bias: parameter([outputs], new Float32Array(outputs)),
  };
}

/** Initial weights `[inputs, outputs]`, normal with variance 2 / (inputs + outputs) (Glorot and Bengio 2010). */
export function xavierWeights(inputs: number, outputs: number, random: RandomGenerator): Float32Array {
  const deviation = Math.sqrt(2 / (inputs + outputs));
  return random.fillNormal(new Float32Array(inputs * outputs)).map((value) => deviation * value);
}

/**
 * A table of embeddings, `[count, width]`, uniform in ±√(6 / (count + width)), as PyTorch's `xavier_uniform_` draws it
 * (Glorot and Bengio 2010).
 */
export function embeddingTable(
  count: number,
  width: number,
  random: RandomGenerator,
): Parameter<readonly [number, number]> {
  return parameter([count, width], uniform(count * width, Math.sqrt(6 / (count + width)), random));
}

/**
 * x W + b, `[batch, outputs]`
 *
 * @param input x, `[batch, inputs]`
 * @throws ShapeMismatchError
 */
export function applyDense({ weights, bias }: DenseLayer, input: tf.Tensor2D): tf.Tensor2D {
  assertShape("the input of a dense layer", input.shape, [input.shape[0], weights.shape[0]]);
  return tf.tidy(() => tf.add(tf.matMul(input, weights), bias));
}

/** Values in ±bound. */
function uniform(length: number, bound: number, random: RandomGenerator): Float32Array {
  return Float32Array.from({ length }, () => (2 * random.uniform() - 1) * bound);
}
