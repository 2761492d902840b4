import { type DiagonalGaussian, ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectGradientsOfFiniteDifferences } from "../../../../testing/finite-differences";
import { tensorsLeftBy } from "../../../../testing/tensor-count";
import { diagonalGaussian } from "../diagonal-gaussian";
import { gaussianPairs, toGaussian } from "./gaussian-values";

type BetweenDiagonals = (p: DiagonalGaussian, q: DiagonalGaussian) => tf.Tensor1D;

/** The promises of every divergence between two diagonal Gaussians. */
export function testsOfDivergence(divergence: BetweenDiagonals, { atEquality = 0 } = {}): void {
  test("is not negative, one value for each row", () => {
    fc.assert(
      fc.property(gaussianPairs, ([p, q]) => {
        const values = tf.tidy(() => divergence(toGaussian(p), toGaussian(q)).arraySync());
        expect(values).toHaveLength(p.mean.length);
        for (const value of values) expect(value).toBeGreaterThan(-1e-5);
      }),
      { numRuns: 50 },
    );
  });

  test(`is ${atEquality} at equality, with gradient 0`, () => {
    fc.assert(
      fc.property(gaussianPairs, ([p]) => {
        tf.tidy(() => {
          const { mean, logVariance } = toGaussian(p);
          const { value, grads } = gradientsAt(divergence, [mean, logVariance, mean, logVariance]);
          for (const distance of value.dataSync()) expect(distance).toBeCloseTo(atEquality, 6);
          for (const gradient of grads) {
            for (const slope of gradient.dataSync()) expect(slope).toBeCloseTo(0, 5);
          }
        });
      }),
      { numRuns: 20 },
    );
  });

  test("has the gradient of its finite differences", () => {
    const p = toGaussian({
      mean: [
        [0.3, -0.8, 1.1],
        [0.2, 0.1, -0.4],
      ],
      logVariance: [
        [0.2, -0.3, 0.1],
        [-0.6, 0.4, 0],
      ],
    });
    const q = toGaussian({
      mean: [
        [-0.2, 0.4, 0.9],
        [1.2, -0.5, 0],
      ],
      logVariance: [
        [0.4, 0.1, -0.2],
        [-0.1, 0.3, 0.2],
      ],
    });
    expectGradientsOfFiniteDifferences(
      (...parameters) => fromParameters(divergence, parameters),
      [p.mean, p.logVariance, q.mean, q.logVariance],
    );
  });

  test("is finite with a finite gradient, or +∞ with gradient 0, at log-variances of ±40", () => {
    tf.tidy(() => {
      const spreads = [-40, 40, -40, 40, -40, 40, 0, 0];
      const otherSpreads = [-40, 40, 40, -40, 0, 0, -40, 40];
      const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);
      for (const shift of [0, 100]) {
        const means = column(spreads.map(() => shift));
        const { value, grads } = gradientsAt(divergence, [
          means,
          column(spreads),
          tf.zerosLike(means),
          column(otherSpreads),
        ]);
        const values = value.arraySync();
        for (const [row, result] of values.entries()) {
          if (result !== Number.POSITIVE_INFINITY) expect(result, `row ${row}`).toSatisfy(Number.isFinite);
        }
        for (const gradient of grads) {
          for (const [row, slope] of gradient.dataSync().entries()) {
            expect(slope, `row ${row}`).toSatisfy(Number.isFinite);
            if (values[row] === Number.POSITIVE_INFINITY) expect(slope).toBeCloseTo(0, 10);
          }
        }
      }
    });
  });

  test("is not NaN for a scale of 0", () => {
    tf.tidy(() => {
      const mean = tf.tensor2d([
        [1, 2],
        [3, 4],
      ]);
      const point = diagonalGaussian({ mean, scale: tf.zeros([2, 2]) });
      const wide = diagonalGaussian({ mean, scale: tf.ones([2, 2]) });
      for (const value of divergence(point, point).dataSync()) expect(value).toBeCloseTo(atEquality, 6);
      for (const value of divergence(point, wide).dataSync()) expect(value).not.toBeNaN();
      for (const value of divergence(wide, point).dataSync()) expect(value).not.toBeNaN();
    });
  });

  test("is NaN for the rows with a NaN, and for no others", () => {
    tf.tidy(() => {
      const values = tf.tensor2d([
        [Number.NaN, 0],
        [0.1, 0.2],
      ]);
      const numbers = tf.tensor2d([
        [0.3, 0],
        [0.1, -0.2],
      ]);
      for (let position = 0; position < 4; position += 1) {
        const parameters = [0, 1, 2, 3].map((index) => (index === position ? values : numbers));
        const [broken, whole] = fromParameters(divergence, parameters).arraySync();
        expect(broken, `parameter ${position}`).toBeNaN();
        expect(whole).toSatisfy(Number.isFinite);
      }
    });
  });

  test("refuses two shapes", () => {
    const p = toGaussian({ mean: [[0, 0]], logVariance: [[0, 0]] });
    const q = toGaussian({ mean: [[0, 0, 0]], logVariance: [[0, 0, 0]] });
    expect(() => divergence(p, q)).toThrow(ShapeMismatchError);
    expect(() => divergence(p, q)).toThrow("has shape [1, 3]; expected [1, 2]");
  });

  test("leaves nothing but its result", () => {
    const p = toGaussian({ mean: [[0, 0]], logVariance: [[0, 0]] });
    expect(tensorsLeftBy(() => divergence(p, p))).toBe(1);
  });
}

function fromParameters(divergence: BetweenDiagonals, parameters: readonly tf.Tensor2D[]): tf.Tensor1D {
  const [mean, logVariance, otherMean, otherLogVariance] = parameters;
  return divergence(
    diagonalGaussian({ mean, logVariance }),
    diagonalGaussian({ mean: otherMean, logVariance: otherLogVariance }),
  );
}

/** The divergence of each row, and its gradient with respect to the means and log-variances of both. */
function gradientsAt(divergence: BetweenDiagonals, parameters: readonly tf.Tensor2D[]) {
  // Equal parameters are cloned: tfjs would add up the gradients of one tensor given twice.
  const inputs = parameters.map((parameter) => tf.clone(parameter));
  const value = fromParameters(divergence, inputs);
  const grads = tf.grads((...values: tf.Tensor[]) =>
    tf.sum(fromParameters(divergence, values as tf.Tensor2D[])),
  )(inputs);
  return { value, grads };
}
