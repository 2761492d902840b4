import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { gaussianHead } from "./gaussian-head";

it("takes means from the first half of the columns and log-variances from the second", () => {
  const { mean, logVariance } = gaussianHead(tf.tensor2d([[1, 2, 3, 4]]));
  expect(mean.arraySync()).toEqual([[1, 2]]);
  expect(logVariance.arraySync()).toEqual([[3, 4]]);
});
