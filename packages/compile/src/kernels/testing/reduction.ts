import * as tf from "@tensorflow/tfjs-core";
import { ofBooleans, ofIntegers, type Samples, shaped } from "./sample";

export const reductionSamples: Samples = {
  All: [ofBooleans(shaped([[4, 3]], (x) => tf.all(x, 1))), ofBooleans(shaped([[4, 3]], (x) => tf.all(x)))],
  Any: ofBooleans(shaped([[4, 3]], (x) => tf.any(x, 0, true))),
  ArgMax: shaped([[4, 5]], (x) => tf.argMax(x, 1)),
  ArgMin: shaped([[4, 5]], (x) => tf.argMin(x, 0)),
  Cumsum: [shaped([[3, 4]], (x) => tf.cumsum(x, 1)), shaped([[3, 4]], (x) => tf.cumsum(x, 0, true, true))],
  Max: [
    shaped([[3, 4]], (x) => tf.max(x, 1)),
    shaped([[3, 4]], (x) => tf.max(x)),
    shaped([[3, 4]], (x) => tf.max(x, 0, true)),
  ],
  Mean: [shaped([[3, 4, 2]], (x) => tf.mean(x, [0, 2])), ofIntegers(shaped([[3, 4]], (x) => tf.mean(x)))],
  Min: shaped([[3, 4]], (x) => tf.min(x, -1)),
  Prod: shaped([[3, 4]], (x) => tf.prod(x, 1)),
  Sum: [
    shaped([[3, 4]], (x) => tf.sum(x)),
    shaped([[3, 4]], (x) => tf.sum(x, 1, true)),
    shaped([[3, 0]], (x) => tf.sum(x, 1)),
    shaped([[]], (x) => tf.sum(x)),
    ofIntegers(shaped([[3, 4]], (x) => tf.sum(x, 0))),
    shaped([[300, 4000]], (x) => tf.sum(x, 0)),
  ],
};
