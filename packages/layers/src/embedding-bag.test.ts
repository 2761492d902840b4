import { ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { expectGradientsOfFiniteDifferences } from "../../../testing/finite-differences";
import { gradientAt } from "../../../testing/gradient-at";
import { batches, greatestDifference, matrix, toBatch, toDense } from "../../../testing/random-batch";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { embeddingBag } from "./embedding-bag";

const width = 3;

describeOnEveryBackend("embeddingBag", () => {
  test("is x · table, and its gradient xᵀ · dy", () => {
    fc.assert(
      fc.property(batches, (values) => {
        tf.tidy(() => {
          const table = matrix(values.itemCount, width);
          const dy = matrix(values.userCount, width);
          const batch = toBatch(values);
          const x = toDense(values);
          const bag = embeddingBag(table, batch);
          expect(bag.shape).toEqual([values.userCount, width]);
          expect(greatestDifference(bag, tf.matMul(x, table))).toBeLessThan(1e-5);
          const gradient = gradientAt((table) => embeddingBag(table, batch), table, dy);
          expect(greatestDifference(gradient, tf.matMul(x, dy, true))).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("has the gradient of its finite differences", () => {
    const interactions = [
      [0, 1, 1],
      [0, 1, 2],
      [1, 0, 0.5],
      [1, 3, 0],
    ] as const;
    const batch = toBatch({ userCount: 3, itemCount: 4, interactions });
    expectGradientsOfFiniteDifferences((table) => embeddingBag(table, batch), [matrix(4, width)]);
  });

  test("gives zeros for a batch without interactions", () => {
    const batch = toBatch({ userCount: 2, itemCount: 4, interactions: [] });
    expect(embeddingBag(matrix(4, 2), batch).arraySync()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const gradient = gradientAt((table) => embeddingBag(table, batch), matrix(4, 2));
    expect(gradient.arraySync()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test("takes weights that are made within the differentiated function, as dropout makes them", () => {
    const batch = toBatch({ userCount: 1, itemCount: 2, interactions: [[0, 1, 1]] });
    const gradient = gradientAt(
      (table) => embeddingBag(table, { ...batch, weights: tf.mul(batch.weights, 2) }),
      matrix(2, 2),
    );
    expect(gradient.arraySync()).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  test("computes no gradient of a table that is not trained", async () => {
    const batch = toBatch({
      userCount: 2,
      itemCount: 4,
      interactions: [
        [0, 1, 1],
        [1, 3, 2],
      ],
    });
    const table = matrix(4, width);
    const trained = tf.variable(matrix(width, 2));
    const loss = (): tf.Scalar => tf.sum(tf.matMul(embeddingBag(table, batch), trained));
    const forward = await tf.profile(() => loss());
    const both = await tf.profile(() => tf.variableGrads(loss).grads);
    const scatters = ({ kernels }: Awaited<ReturnType<typeof tf.profile>>) =>
      kernels.filter(({ name }) => name === "ScatterNd").length;
    expect(scatters(forward)).toBe(1);
    expect(scatters(both)).toBe(1);
    trained.dispose();
  });

  test("refuses a batch whose parts differ in length", () => {
    const batch = toBatch({ userCount: 2, itemCount: 4, interactions: [[0, 1, 1]] });
    const items = tf.tensor1d([1, 2], "int32");
    expect(() => embeddingBag(matrix(4, 2), { ...batch, items })).toThrow(ShapeMismatchError);
  });

  test("leaves nothing but its result", () => {
    const batch = toBatch({ userCount: 2, itemCount: 4, interactions: [[0, 1, 1]] });
    const table = matrix(4, width);
    expect(tensorsLeftBy(() => embeddingBag(table, batch))).toBe(1);
    expect(tensorsLeftBy(() => gradientAt((table) => embeddingBag(table, batch), table))).toBe(1);
  });
});
