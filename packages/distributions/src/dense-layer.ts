import { assertShape, type RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { assertBackend } from "./assert-backend";

/** The variables of an affine map, x W + b. */
export interface DenseLayer {
  /** `[inputs, outputs]` */
  readonly weights: tf.Variable<tf.Rank.R2>;
  /** `[outputs]` */
  readonly bias: tf.Variable<tf.Rank.R1>;
}

/**
 * A layer whose weights and biases are uniform in ±1/√inputs, as in PyTorch's `nn.Linear`, with which the published
 * figures were made.
 */
export function denseLayer(inputs: number, outputs: number, random: RandomGenerator): DenseLayer {
  const bound = 1 / Math.sqrt(inputs);
  const draw = (length: number) => Float32Array.from({ length }, () => (2 * random.uniform() - 1) * bound);
  return layerOf(inputs, outputs, draw(inputs * outputs), draw(outputs));
}

/** A layer of {@link xavierWeights}, whose biases are 0. */
export function xavierLayer(inputs: number, outputs: number, random: RandomGenerator): DenseLayer {
  return layerOf(inputs, outputs, xavierWeights(inputs, outputs, random), new Float32Array(outputs));
}

/** Initial weights `[inputs, outputs]`, normal with the variance 2 / (inputs + outputs) (Glorot and Bengio 2010). */
export function xavierWeights(inputs: number, outputs: number, random: RandomGenerator): Float32Array {
  const deviation = Math.sqrt(2 / (inputs + outputs));
  return random.fillNormal(new Float32Array(inputs * outputs)).map((value) => deviation * value);
}

function layerOf(inputs: number, outputs: number, weights: Float32Array, bias: Float32Array): DenseLayer {
  assertBackend();
  const initial = { weights: tf.tensor2d(weights, [inputs, outputs]), bias: tf.tensor1d(bias) };
  const layer = { weights: tf.variable(initial.weights), bias: tf.variable(initial.bias) };
  tf.dispose(initial);
  return layer;
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
