import { ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { gradientAt } from "../../../testing/gradient-at";
import { batches, greatestDifference, matrix, toBatch, toDense } from "../../../testing/random-batch";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { multinomialNegativeLogLikelihood } from "./sparse-multinomial";

describeOnEveryBackend("multinomialNegativeLogLikelihood", () => {
  test("is −Σ x log softmax of the dense matrix", () => {
    fc.assert(
      fc.property(batches, (values) => {
        tf.tidy(() => {
          const logits = matrix(values.userCount, values.itemCount);
          const dense = tf.neg(tf.sum(tf.mul(toDense(values), tf.logSoftmax(logits)), 1));
          const sparse = multinomialNegativeLogLikelihood(logits, toBatch(values));
          expect(sparse.shape).toEqual([values.userCount]);
          expect(greatestDifference(sparse, dense)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("has the gradient (n softmax − x) dy, and that of its finite differences", () => {
    fc.assert(
      fc.property(batches, (values) => {
        tf.tidy(() => {
          const logits = matrix(values.userCount, values.itemCount);
          const dy = tf.add(tf.range(0, values.userCount), 0.5);
          const batch = toBatch(values);
          const gradient = gradientAt(
            (logits) => multinomialNegativeLogLikelihood(logits, batch),
            logits,
            dy,
          );
          const x = toDense(values);
          const expected = tf.sub(tf.mul(tf.sum(x, 1, true), tf.softmax(logits)), x);
          expect(greatestDifference(gradient, tf.mul(expected, tf.expandDims(dy, 1)))).toBeLessThan(1e-4);
          expectGradientsOfFiniteDifferences(
            (logits) => multinomialNegativeLogLikelihood(logits, batch),
            [logits],
          );
        });
      }),
      { numRuns: 10 },
    );
  });

  test("padding changes neither value nor gradient, to the last bit", () => {
    const interactions = [
      [0, 1, 1],
      [1, 2, 2],
    ] as const;
    const padding = [
      [0, 0, 0],
      [0, 0, 0],
      [1, 2, 0],
    ] as const;
    const plain = toBatch({ userCount: 2, itemCount: 3, interactions });
    const padded = toBatch({ userCount: 2, itemCount: 3, interactions: [...interactions, ...padding] });
    const logits = matrix(2, 3);
    const results = [plain, padded].map((batch) => [
      multinomialNegativeLogLikelihood(logits, batch).arraySync(),
      gradientAt((logits) => multinomialNegativeLogLikelihood(logits, batch), logits).arraySync(),
    ]);
    expect(results[1]).toEqual(results[0]);
  });

  test("takes weights that are made within the differentiated function, as dropout makes them", () => {
    const batch = toBatch({ userCount: 1, itemCount: 3, interactions: [[0, 1, 1]] });
    const twice = gradientAt(
      (logits) => {
        const weights = tf.mul<tf.Tensor1D>(batch.weights, 2);
        return multinomialNegativeLogLikelihood(logits, { ...batch, weights });
      },
      matrix(1, 3),
    );
    const once = gradientAt((logits) => multinomialNegativeLogLikelihood(logits, batch), matrix(1, 3));
    expect(greatestDifference(twice, tf.mul(once, 2))).toBeLessThan(1e-6);
  });

  test("is 0 with gradient 0 for a batch without interactions", () => {
    const batch = toBatch({ userCount: 2, itemCount: 3, interactions: [] });
    expect(multinomialNegativeLogLikelihood(matrix(2, 3), batch).arraySync()).toEqual([0, 0]);
    const gradient = gradientAt((logits) => multinomialNegativeLogLikelihood(logits, batch), matrix(2, 3));
    for (const slope of gradient.dataSync()) expect(Math.abs(slope)).toBe(0);
  });

  test("is finite for huge logits, and does not lose the small difference of two", () => {
    const batch = toBatch({
      userCount: 3,
      itemCount: 2,
      interactions: [
        [0, 0, 1],
        [1, 0, 1],
        [2, 1, 1],
      ],
    });
    const logits = tf.tensor2d([
      [1e30, -1e30],
      [-1e5, 1e5],
      [2 ** 20, 2 ** 20 + 1],
    ]);
    const [sure, wrong, close] = multinomialNegativeLogLikelihood(logits, batch).arraySync();
    expect(sure).toBe(0);
    expect(wrong).toBe(2e5);
    expect(close).toBeCloseTo(Math.log1p(Math.exp(-1)), 6);
    const gradient = gradientAt((logits) => multinomialNegativeLogLikelihood(logits, batch), logits);
    for (const slope of gradient.dataSync()) expect(slope).toSatisfy(Number.isFinite);
  });

  test("refuses logits that do not fit the batch", () => {
    const batch = toBatch({ userCount: 2, itemCount: 3, interactions: [] });
    expect(() => multinomialNegativeLogLikelihood(matrix(2, 4), batch)).toThrow(ShapeMismatchError);
    const torn = { ...batch, weights: tf.tensor1d([1]) };
    expect(() => multinomialNegativeLogLikelihood(matrix(2, 3), torn)).toThrow(
      "the weights of a batch has shape [1]; expected [0]",
    );
  });

  test("leaves nothing but its result", () => {
    const batch = toBatch({ userCount: 2, itemCount: 3, interactions: [[0, 1, 1]] });
    const logits = matrix(2, 3);
    const loss = (logits: tf.Tensor2D) => multinomialNegativeLogLikelihood(logits, batch);
    expect(tensorsLeftBy(() => loss(logits))).toBe(1);
    expect(tensorsLeftBy(() => gradientAt(loss, logits))).toBe(1);
  });
});
