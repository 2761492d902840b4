import * as tf from "@tensorflow/tfjs-core";
import { binary, ofBooleans, ofIntegers, type Samples, shaped, unary } from "./sample";

export const elementwiseSamples: Samples = {
  AddN: shaped(
    [
      [3, 2],
      [3, 2],
      [3, 2],
    ],
    (...tensors) => tf.addN(tensors),
  ),
  Cast: [
    shaped([[2, 3]], (x) => tf.cast(x, "int32")),
    shaped([[2, 3]], (x) => tf.cast(x, "bool"), [-1, 1]),
    ofIntegers(shaped([[2, 3]], (x) => tf.cast(x, "float32"))),
    ofBooleans(shaped([[2, 3]], (x) => tf.cast(x, "int32"))),
  ],
  ClipByValue: [
    unary((x) => tf.clipByValue(x, -1, 2), [-3, 3], []),
    ofIntegers(unary((x) => tf.clipByValue(x, -1, 2), [-3, 3], [])),
  ],
  EluGrad: unary((x) => tf.grad((y: tf.Tensor) => tf.elu(y))(x), [-3, 3], []),
  Expm1: unary(tf.expm1),
  FloorDiv: [
    shaped(
      [
        [4, 3],
        [4, 3],
      ],
      (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 0.5)),
    ),
    ofIntegers(
      shaped(
        [[8], [8]],
        (a, b) => tf.floorDiv(a, tf.sub(tf.mul(b, tf.scalar(2, "int32")), tf.scalar(1, "int32"))),
        [-9, 9],
      ),
    ),
  ],
  Identity: unary(tf.clone),
  IsFinite: unary(tf.isFinite),
  IsInf: unary(tf.isInf),
  IsNan: unary(tf.isNaN),
  LeakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  Log1p: unary(tf.log1p, [-0.9, 9]),
  Mod: shaped(
    [
      [5, 3],
      [5, 3],
    ],
    (a, b) => tf.mod(a, tf.add(tf.sign(b), b)),
  ),
  NotEqual: binary(tf.notEqual, [0, 2]),
  Prelu: shaped([[4, 3], [3]], (x, alpha) => tf.prelu(x, alpha)),
  Relu6: unary(tf.relu6, [-9, 9]),
  Rsqrt: unary(tf.rsqrt, [0.1, 9]),
  Select: [
    shaped(
      [
        [3, 2],
        [3, 2],
      ],
      (a, b) => tf.where(tf.greater(a, b), a, b),
    ),
  ],
  Square: unary(tf.square),
  SquaredDifference: binary(tf.squaredDifference),
  Step: unary((x) => tf.step(x, 0.2)),
};
