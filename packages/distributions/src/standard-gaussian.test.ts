import { expect, test } from "vitest";
import { klDivergence } from "./kl-divergence";
import { standardGaussian } from "./standard-gaussian";
import { toGaussian } from "./testing/gaussian-values";

test("the standard Gaussian takes the shape of what it is compared with", () => {
  const narrow = toGaussian({ mean: [[1]], logVariance: [[0]] });
  const wide = toGaussian({
    mean: [
      [1, 1, 1],
      [2, 0, 0],
    ],
    logVariance: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  });
  expect(klDivergence(narrow, standardGaussian).arraySync()).toEqual([0.5]);
  expect(klDivergence(wide, standardGaussian).arraySync()).toEqual([1.5, 2]);
});
