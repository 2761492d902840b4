import { ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { logProb } from "./diagonal-gaussian";
import { productOfExperts } from "./product-of-experts";
import { gaussianPairs, toGaussian } from "./testing/gaussian-values";

describeOnEveryBackend("product", () => {
  test("has the product's density, up to a constant for each row", () => {
    fc.assert(
      fc.property(gaussianPairs, ([first, second]) => {
        tf.tidy(() => {
          const [p, q] = [toGaussian(first), toGaussian(second)];
          const both = productOfExperts(p, q);
          const logRatioAt = (x: tf.Tensor2D) =>
            tf.sub(tf.add(logProb(p, x), logProb(q, x)), logProb(both, x)).dataSync();
          const here = logRatioAt(both.mean);
          const there = logRatioAt(tf.add(both.mean, 0.5));
          for (const [row, value] of here.entries()) {
            expect(Math.abs(value - there[row])).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  test("halves the variance of two equal ones and lies between two means", () => {
    const p = toGaussian({ mean: [[0]], logVariance: [[0]] });
    const q = toGaussian({ mean: [[2]], logVariance: [[0]] });
    const { mean, logVariance } = productOfExperts(p, q);
    expect(mean.arraySync()).toEqual([[1]]);
    expect(logVariance.dataSync()[0]).toBeCloseTo(-Math.log(2), 6);
  });

  test("is the narrower one where the other knows nothing", () => {
    const narrow = toGaussian({ mean: [[3]], logVariance: [[-40]] });
    const wide = toGaussian({ mean: [[-5]], logVariance: [[40]] });
    for (const both of [productOfExperts(narrow, wide), productOfExperts(wide, narrow)]) {
      expect(both.mean.arraySync()).toEqual([[3]]);
      expect(both.logVariance.arraySync()).toEqual([[-40]]);
    }
  });

  test("has the gradient of its finite differences", () => {
    const p = toGaussian({ mean: [[0.3, -0.8]], logVariance: [[0.2, -1.3]] });
    const q = toGaussian({ mean: [[-0.2, 0.4]], logVariance: [[0.9, 0.1]] });
    expectGradientsOfFiniteDifferences(
      (mean, logVariance, otherMean, otherLogVariance) => {
        const both = productOfExperts(
          { kind: "diagonal-gaussian", mean, logVariance },
          { kind: "diagonal-gaussian", mean: otherMean, logVariance: otherLogVariance },
        );
        return tf.concat([both.mean, both.logVariance], 1);
      },
      [p.mean, p.logVariance, q.mean, q.logVariance],
    );
  });

  test("refuses two shapes and leaves nothing but its result", () => {
    const p = toGaussian({ mean: [[0, 0]], logVariance: [[0, 0]] });
    expect(() => productOfExperts(p, toGaussian({ mean: [[0]], logVariance: [[0]] }))).toThrow(
      ShapeMismatchError,
    );
    expect(tensorsLeftBy(() => productOfExperts(p, p))).toBe(2);
  });
});
