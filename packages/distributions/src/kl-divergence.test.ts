import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { gradientAt } from "../../../testing/gradient-at";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { diagonalGaussian } from "./diagonal-gaussian";
import { klDivergence } from "./kl-divergence";
import { standardGaussian } from "./standard-gaussian";
import { testsOfDivergence } from "./testing/divergence-contract";
import { toGaussian } from "./testing/gaussian-values";
import { drawFrom, estimate, logDensityAt } from "./testing/monte-carlo";

const p = { mean: [[0.3, -0.8, 1.1]], logVariance: [[0.2, -1.3, 0.1]] };
const q = { mean: [[-0.2, 0.4, 0.9]], logVariance: [[0.9, 0.1, -0.2]] };
const standard = { mean: [[0, 0, 0]], logVariance: [[0, 0, 0]] };

describeOnEveryBackend("klDivergence of two diagonal Gaussians", () => {
  testsOfDivergence(klDivergence);

  test.each([
    ["p ‖ q", p, q],
    ["q ‖ p", q, p],
  ])("is the mean of log p / q over draws: %s", (_name, first, second) => {
    const { mean, standardError } = estimate((random) => {
      const x = drawFrom(first, random);
      return logDensityAt(first, x) - logDensityAt(second, x);
    });
    const [value] = klDivergence(toGaussian(first), toGaussian(second)).arraySync();
    expect(Math.abs(value - mean)).toBeLessThan(5 * standardError);
  });

  test("keeps its digits near equality", () => {
    // ½ (e^r − 1 − r) = r² / 4 + r³ / 12 + …; with `exp` instead of `expm1` it would be 0 in float32.
    const r = 2 ** -13;
    const [value] = klDivergence(
      toGaussian({ mean: [[0]], logVariance: [[r]] }),
      toGaussian({ mean: [[0]], logVariance: [[0]] }),
    ).arraySync();
    expect(value / (r ** 2 / 4 + r ** 3 / 12)).toBeCloseTo(1, 2);
  });

  test("is +∞ where the ratio of the variances passes the range of float32", () => {
    const wide = toGaussian({ mean: [[0]], logVariance: [[60]] });
    const narrow = toGaussian({ mean: [[0]], logVariance: [[-60]] });
    expect(klDivergence(wide, narrow).arraySync()).toEqual([Number.POSITIVE_INFINITY]);
    expect(klDivergence(narrow, wide).arraySync()).toEqual([59.5]);
  });
});

describeOnEveryBackend("klDivergence from the standard Gaussian", () => {
  test("is that of a diagonal Gaussian with mean 0 and variance 1", () => {
    const [toStandard] = klDivergence(toGaussian(p), standardGaussian).arraySync();
    const [toDiagonal] = klDivergence(toGaussian(p), toGaussian(standard)).arraySync();
    expect(toStandard).toBeCloseTo(toDiagonal, 6);
    expect(klDivergence(toGaussian(standard), standardGaussian).arraySync()).toEqual([0]);
  });

  test("is the mean of log p / q over draws", () => {
    const { mean, standardError } = estimate((random) => {
      const x = drawFrom(p, random);
      return logDensityAt(p, x) - logDensityAt(standard, x);
    });
    const [value] = klDivergence(toGaussian(p), standardGaussian).arraySync();
    expect(Math.abs(value - mean)).toBeLessThan(5 * standardError);
  });

  test("has the gradient of its finite differences", () => {
    const { mean, logVariance } = toGaussian(p);
    expectGradientsOfFiniteDifferences(
      (mean, logVariance) => klDivergence(diagonalGaussian({ mean, logVariance }), standardGaussian),
      [mean, logVariance],
    );
  });

  test("is finite with a finite gradient at log-variances of ±40", () => {
    const logVariance = tf.tensor2d([[-40], [40]]);
    const mean = tf.zerosLike(logVariance);
    const gradient = gradientAt(
      (logVariance) => klDivergence(diagonalGaussian({ mean, logVariance }), standardGaussian),
      logVariance,
    );
    const [narrow, wide] = gradient.dataSync();
    expect(narrow).toBeCloseTo(-0.5, 6);
    expect(wide / (Math.exp(40) / 2)).toBeCloseTo(1, 5);
  });

  test("leaves nothing but its result", () => {
    const gaussian = toGaussian(p);
    expect(tensorsLeftBy(() => klDivergence(gaussian, standardGaussian))).toBe(1);
  });
});
