import { assertShape, type RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

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
  const weights = tf.tensor2d(draw(inputs * outputs), [inputs, outputs]);
  const bias = tf.tensor1d(draw(outputs));
  const layer = { weights: tf.variable(weights), bias: tf.variable(bias) };
  tf.dispose([weights, bias]);
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
