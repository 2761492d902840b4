import * as tf from "@tensorflow/tfjs-core";
import { type Samples, shaped, unary } from "./sample";

export const creationSamples: Samples = {
  Fill: shaped([[2]], (x) => tf.add(x, tf.fill([3, 2], 7))),
  LinSpace: shaped([[4]], (x) => tf.add(x, tf.linspace(0, 3, 4))),
  OnesLike: unary((x) => tf.add(tf.onesLike(x), x)),
  Range: shaped([[4]], (x) => tf.add(x, tf.range(0, 8, 2))),
  ZerosLike: unary((x) => tf.add(tf.zerosLike(x), x)),
};
