import { assertShape, type Parameter, parameter, type RandomGenerator, type TensorsOf } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The parameters of an affine map, x W + b. */
export type DenseLayer = {
  /** `[inputs, outputs]` */
  readonly weights: Parameter<readonly [number, number]>;
  /** `[outputs]` */
  readonly bias: Parameter<readonly [number]>;
};

/**
 * A layer whose weights and biases are uniform in ±1/√inputs, as in PyTorch's `nn.Linear`, with which the published
 * figures were made.
 */
export function denseLayer(inputs: number, outputs: number, random: RandomGenerator): DenseLayer {
  const bound = 1 / Math.sqrt(inputs);
  const draw = (length: number) => Float32Array.from({ length }, () => (2 * random.uniform() - 1) * bound);
  return {
    weights: parameter([inputs, outputs], draw(inputs * outputs)),
    bias: parameter([outputs], draw(outputs)),
  };
}

/** A layer of {@link xavierWeights} with biases of 0. */
export function xavierLayer(inputs: number, outputs: number, random: RandomGenerator): DenseLayer {
  return {
    weights: parameter([inputs, outputs], xavierWeights(inputs, outputs, random)),
    bias: parameter([outputs], new Float32Array(outputs)),
  };
}

/** Initial weights `[inputs, outputs]`, normal with the variance 2 / (inputs + outputs) (Glorot and Bengio 2010). */
export function xavierWeights(inputs: number, outputs: number, random: RandomGenerator): Float32Array {
  const deviation = Math.sqrt(2 / (inputs + outputs));
  return random.fillNormal(new Float32Array(inputs * outputs)).map((value) => deviation * value);
}

/**
 * A table of embeddings, `[count, width]`, uniform in ±√(6 / (count + width)), as PyTorch's `xavier_uniform_` draws it
 * (Glorot and Bengio 2010, eq. 16).
 */
export function embeddingTable(
  count: number,
  width: number,
  random: RandomGenerator,
): Parameter<readonly [number, number]> {
  const bound = Math.sqrt(6 / (count + width));
  return parameter(
    [count, width],
    Float32Array.from({ length: count * width }, () => (2 * random.uniform() - 1) * bound),
  );
}

/**
 * x W + b, `[batch, outputs]`
 *
 * @param input x, `[batch, inputs]`
 * @throws ShapeMismatchError
 */
export function applyDense({ weights, bias }: TensorsOf<DenseLayer>, input: tf.Tensor2D): tf.Tensor2D {
  assertShape("the input of a dense layer", input.shape, [input.shape[0], weights.shape[0]]);
  return tf.tidy(() => tf.add(tf.matMul(input, weights), bias));
}
