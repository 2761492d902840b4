import { ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { gradientAt } from "../../../testing/gradient-at";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { diagonalGaussian, entropy, logProb, sample, scale, variance } from "./diagonal-gaussian";
import { toGaussian } from "./testing/gaussian-values";
import { drawFrom, estimate, logDensityAt } from "./testing/monte-carlo";

const values = { mean: [[0.3, -0.8, 1.1]], logVariance: [[0.2, -1.3, 0.1]] };

describeOnEveryBackend("diagonalGaussian", () => {
  test("is the same from log σ², σ and σ²", () => {
    const mean = tf.tensor2d([[1, 2]]);
    const spreads = [
      diagonalGaussian({ mean, logVariance: tf.tensor2d([[0, Math.log(9)]]) }),
      diagonalGaussian({ mean, scale: tf.tensor2d([[1, 3]]) }),
      diagonalGaussian({ mean, variance: tf.tensor2d([[1, 9]]) }),
    ];
    for (const p of spreads) {
      expect(p.kind).toBe("diagonal-gaussian");
      expect(scale(p).dataSync()[1]).toBeCloseTo(3, 5);
      expect(variance(p).dataSync()[1]).toBeCloseTo(9, 5);
    }
  });

  test("takes a scale or variance of 0 as the narrowest, with gradient 0", () => {
    const mean = tf.tensor2d([[1, 2]]);
    const zero = tf.zerosLike(mean);
    const logVariance = (spread: tf.Tensor2D) => diagonalGaussian({ mean, scale: spread }).logVariance;
    for (const value of logVariance(zero).dataSync()) expect(value).toBeCloseTo(-126 * Math.log(2), 4);
    expect(gradientAt(logVariance, zero).arraySync()).toEqual([[0, 0]]);
    for (const value of diagonalGaussian({ mean, variance: zero }).logVariance.dataSync()) {
      expect(value).toBeCloseTo(-126 * Math.log(2), 4);
    }
  });

  test("refuses two shapes", () => {
    const mean = tf.tensor2d([[1, 2]]);
    expect(() => diagonalGaussian({ mean, scale: tf.tensor2d([[1], [2]]) })).toThrow(ShapeMismatchError);
    expect(() => diagonalGaussian({ mean, logVariance: tf.tensor2d([[1]]) })).toThrow(
      "the spread of a diagonal Gaussian has shape [1, 1]; expected [1, 2]",
    );
  });

  test("leaves nothing but its result", () => {
    const mean = tf.tensor2d([[1, 2]]);
    expect(tensorsLeftBy(() => diagonalGaussian({ mean, logVariance: mean }))).toBe(0);
    expect(tensorsLeftBy(() => diagonalGaussian({ mean, scale: mean }))).toBe(1);
    expect(tensorsLeftBy(() => diagonalGaussian({ mean, variance: mean }))).toBe(1);
    const p = toGaussian(values);
    const functions = [scale, variance, entropy, () => sample(p, p.mean), () => logProb(p, p.mean)];
    for (const compute of functions) expect(tensorsLeftBy(() => compute(p))).toBe(1);
  });
});

describeOnEveryBackend("sample", () => {
  test("is μ + σ ε for the given noise", () => {
    const p = diagonalGaussian({ mean: tf.tensor2d([[1, 2]]), scale: tf.tensor2d([[0.5, 2]]) });
    const [first, second] = sample(p, tf.tensor2d([[2, -1]])).dataSync();
    expect(first).toBeCloseTo(2, 6);
    expect(second).toBeCloseTo(0, 6);
    expect(() => sample(p, tf.tensor2d([[1]]))).toThrow(ShapeMismatchError);
  });

  test("passes gradients to mean and log-variance", () => {
    const { mean, logVariance } = toGaussian(values);
    const noise = tf.tensor2d([[0.4, -1.2, 0.9]]);
    expectGradientsOfFiniteDifferences(
      (mean, logVariance) => sample(diagonalGaussian({ mean, logVariance }), noise),
      [mean, logVariance],
    );
  });
});

describeOnEveryBackend("logProb and entropy", () => {
  test("the density is the formula's in float64", () => {
    const x = [-1.5, 0.2, 0.7];
    const [value] = logProb(toGaussian(values), tf.tensor2d([x])).arraySync();
    expect(value).toBeCloseTo(logDensityAt(values, x), 4);
    expect(() => logProb(toGaussian(values), tf.tensor2d([[1]]))).toThrow(ShapeMismatchError);
  });

  test("the entropy is the mean of −log p over draws", () => {
    const { mean, standardError } = estimate((random) => -logDensityAt(values, drawFrom(values, random)));
    const [value] = entropy(toGaussian(values)).arraySync();
    expect(Math.abs(value - mean)).toBeLessThan(5 * standardError);
  });

  test("both have the gradients of their finite differences", () => {
    const { mean, logVariance } = toGaussian(values);
    const x = tf.tensor2d([[0.4, -1.2, 0.9]]);
    expectGradientsOfFiniteDifferences(
      (mean, logVariance, x) => logProb(diagonalGaussian({ mean, logVariance }), x),
      [mean, logVariance, x],
    );
    expectGradientsOfFiniteDifferences(
      (logVariance) => entropy(diagonalGaussian({ mean, logVariance })),
      [logVariance],
    );
  });

  describe.each([-40, 40])("at a log-variance of %d", (logVariance) => {
    test("everything is finite", () => {
      const p = toGaussian({ mean: [[1]], logVariance: [[logVariance]] });
      const x = tf.tensor2d([[2]]);
      const results = [scale(p), variance(p), sample(p, x), logProb(p, x), entropy(p)];
      for (const result of results) expect(result.dataSync()[0]).toSatisfy(Number.isFinite);
      const gradient = gradientAt((values) => logProb({ ...p, logVariance: values }, x), p.logVariance);
      expect(gradient.dataSync()[0]).toSatisfy(Number.isFinite);
    });
  });
});
