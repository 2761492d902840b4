import * as tf from "@tensorflow/tfjs-core";
import { type Samples, shaped } from "./sample";

export const normalizationSamples: Samples = {
  Softmax: [shaped([[3, 7]], (x) => tf.softmax(x), [-50, 50]), shaped([[4, 1]], (x) => tf.softmax(x))],
};
