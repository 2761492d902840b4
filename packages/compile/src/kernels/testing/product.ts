import * as tf from "@tensorflow/tfjs-core";
import { type Samples, shaped } from "./sample";

export const productSamples: Samples = {
  BatchMatMul: [
    shaped(
      [
        [5, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [7, 5],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b, true),
    ),
    shaped(
      [
        [5, 7],
        [3, 7],
      ],
      (a, b) => tf.matMul(a, b, false, true),
    ),
    shaped(
      [
        [7, 5],
        [3, 7],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    shaped(
      [
        [2, 7, 5],
        [2, 3, 7],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    shaped(
      [
        [4, 5, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [0, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [5, 0],
        [0, 3],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    shaped(
      [
        [130, 257],
        [257, 65],
      ],
      (a, b) => tf.matMul(a, b),
      [-0.5, 0.5],
    ),
  ],
  _FusedMatMul: (["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const).map((activation) =>
    shaped([[4, 3], [3, 5], [5]], (a, b, bias) =>
      tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias, activation, leakyreluAlpha: 0.3 }),
    ),
  ),
};
