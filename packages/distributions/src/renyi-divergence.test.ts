import { InvalidOptionsError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { gradientAt } from "../../../testing/gradient-at";
import { diagonalGaussian } from "./diagonal-gaussian";
import { klDivergence } from "./kl-divergence";
import { renyiDivergence } from "./renyi-divergence";
import { testsOfDivergence } from "./testing/divergence-contract";
import { toGaussian } from "./testing/gaussian-values";
import { drawFrom, estimate, logDensityAt } from "./testing/monte-carlo";

const p = { mean: [[0.3, -0.8, 1.1]], logVariance: [[0.2, -0.6, 0.1]] };
const q = { mean: [[0.1, -0.4, 0.9]], logVariance: [[0.7, 0.1, 0.3]] };

describeOnEveryBackend("renyiDivergence", () => {
  describe.each([0.3, 2])("of order %d", (order) => {
    testsOfDivergence((p, q) => renyiDivergence(p, q, { order }));

    test("is log E (p / q)^α / (α − 1) over draws from q", () => {
      const { mean, standardError } = estimate((random) => {
        const x = drawFrom(q, random);
        return Math.exp(order * (logDensityAt(p, x) - logDensityAt(q, x)));
      });
      const [value] = renyiDivergence(toGaussian(p), toGaussian(q), { order }).arraySync();
      expect(Math.abs(Math.exp((order - 1) * value) - mean)).toBeLessThan(5 * standardError);
    });
  });

  test.each([0.99, 1.01])("is near the KL divergence for an order near 1: %d", (order) => {
    const [renyi] = renyiDivergence(toGaussian(p), toGaussian(q), { order }).arraySync();
    const [kl] = klDivergence(toGaussian(p), toGaussian(q)).arraySync();
    expect(renyi).toBeCloseTo(kl, 2);
    expect(Math.sign(renyi - kl)).toBe(Math.sign(order - 1));
  });

  test("is +∞ with gradient 0 for the rows where p is too wide for q, and for no others", () => {
    // For order 2 the divergence is finite where σ_p² < 2 σ_q²; at log 2 the mixed variance is 0 in float32.
    const wide = tf.tensor2d([
      [0, 0.7],
      [0, 0.69],
      [0, 40],
      [0, Math.log(2)],
    ]);
    const mean = tf.zerosLike(wide);
    const shifted = tf.onesLike(wide);
    const rows = (logVariance: tf.Tensor2D) =>
      renyiDivergence(
        diagonalGaussian({ mean: shifted, logVariance }),
        diagonalGaussian({ mean, logVariance: tf.zerosLike(mean) }),
        { order: 2 },
      );
    const values = rows(wide).arraySync();
    const gradient = gradientAt(rows, wide).arraySync();
    for (const row of [0, 2, 3]) {
      expect(values[row]).toBe(Number.POSITIVE_INFINITY);
      expect(gradient[row].map(Math.abs)).toEqual([0, 0]);
    }
    for (const value of [values[1], ...gradient[1]]) {
      expect(value).toSatisfy(Number.isFinite);
      expect(value).not.toBe(0);
    }
  });

  test.each([0, -1, 1, Number.POSITIVE_INFINITY, Number.NaN])("refuses the order %d", (order) => {
    expect(() => renyiDivergence(toGaussian(p), toGaussian(q), { order })).toThrow(InvalidOptionsError);
  });
});
