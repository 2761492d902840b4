import { InvalidOptionsError } from "@dmrec/core";
import { describe, expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { klDivergence } from "./kl-divergence";
import { skewJensenShannonDivergence } from "./skew-jensen-shannon";
import { testsOfDivergence } from "./testing/divergence-contract";
import { type GaussianValues, toGaussian } from "./testing/gaussian-values";
import { drawFrom, estimate, logDensityAt } from "./testing/monte-carlo";

const p = { mean: [[0.3, -0.8, 1.1]], logVariance: [[0.2, -1.3, 0.1]] };
const q = { mean: [[-0.2, 0.4, 0.9]], logVariance: [[0.9, 0.1, -0.2]] };

function between(weight: number): GaussianValues {
  const mix = (a: number[][], b: number[][]) => [a[0].map((x, i) => weight * x + (1 - weight) * b[0][i])];
  return { mean: mix(p.mean, q.mean), logVariance: mix(p.logVariance, q.logVariance) };
}

describeOnEveryBackend("skewJensenShannonDivergence", () => {
  describe("with the weight ½", () => testsOfDivergence(skewJensenShannonDivergence));
  describe("with the weight 0.8", () =>
    testsOfDivergence((p, q) => skewJensenShannonDivergence(p, q, { weight: 0.8 })));

  test.each([0.2, 0.5])(
    "is the mean of the log-ratios to what lies between, over draws (weight %d)",
    (weight) => {
      const middle = between(weight);
      const logRatioToMiddle = (from: GaussianValues, x: number[]) =>
        logDensityAt(from, x) - logDensityAt(middle, x);
      const { mean, standardError } = estimate(
        (random) => logRatioToMiddle(p, drawFrom(p, random)) + logRatioToMiddle(q, drawFrom(q, random)),
      );
      const [value] = skewJensenShannonDivergence(toGaussian(p), toGaussian(q), { weight }).arraySync();
      expect(Math.abs(value - mean)).toBeLessThan(5 * standardError);
    },
  );

  test("is a KL divergence at either end", () => {
    const [first, second] = [toGaussian(p), toGaussian(q)];
    expect(skewJensenShannonDivergence(first, second, { weight: 1 }).arraySync()).toEqual(
      klDivergence(second, first).arraySync(),
    );
    expect(skewJensenShannonDivergence(first, second, { weight: 0 }).arraySync()).toEqual(
      klDivergence(first, second).arraySync(),
    );
  });

  test("refuses a weight outside [0, 1]", () => {
    const weight = 1.5;
    expect(() => skewJensenShannonDivergence(toGaussian(p), toGaussian(q), { weight })).toThrow(
      InvalidOptionsError,
    );
  });
});
