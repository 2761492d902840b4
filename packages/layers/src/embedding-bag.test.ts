import { ShapeMismatchError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { embeddingBag } from "./embedding-bag";
import { assertGradients, gradientAt, type InteractionList, tensorsLeftBy, userBatch } from "./testing";
import { describeOnEveryBackend } from "./testing/backends";

const width = 3;

/** Small batches: without interactions, with repeated ones and with padding too. */
const batches = fc.integer({ min: 1, max: 5 }).chain((itemCount) => {
  const interaction = fc.record({ item: fc.nat(itemCount - 1), weight: fc.constantFrom(0, 0.5, 1, 2) });
  const interactions = fc.array(fc.array(interaction, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
  return fc.record({ itemCount: fc.constant(itemCount), interactions });
});

/** x as a dense matrix, `[users, items]`: the matrix that the code under test never builds. */
function toDense(
  itemCount: number,
  interactions: readonly { item: number; weight: number }[][],
): tf.Tensor2D {
  const dense = interactions.map((list) => {
    const row = new Array<number>(itemCount).fill(0);
    for (const { item, weight } of list) row[item] += weight;
    return row;
  });
  return tf.tensor2d(dense);
}

/** A matrix of distinct, ordinary values. */
function matrix(rows: number, columns: number): tf.Tensor2D {
  const values = Float32Array.from({ length: rows * columns }, (_, index) => Math.sin(1 + 3 * index));
  return tf.tensor2d(values, [rows, columns]);
}

const batchOf = (...interactions: InteractionList[]) => userBatch({ itemCount: 4, interactions });

function greatestDifference(actual: tf.Tensor, expected: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0];
}

describeOnEveryBackend("embeddingBag", () => {
  test("is x · table, and its gradient xᵀ · dy", () => {
    fc.assert(
      fc.property(batches, ({ itemCount, interactions }) => {
        tf.tidy(() => {
          const table = matrix(itemCount, width);
          const dy = matrix(interactions.length, width);
          const batch = userBatch({ itemCount, interactions });
          const x = toDense(itemCount, interactions);
          const bag = embeddingBag(table, batch);
          expect(bag.shape).toEqual([interactions.length, width]);
          expect(greatestDifference(bag, tf.matMul(x, table))).toBeLessThan(1e-5);
          const gradient = gradientAt((table) => embeddingBag(table, batch), table, dy);
          expect(greatestDifference(gradient, tf.matMul(x, dy, true))).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("has the gradient of its finite differences", () => {
    const batch = batchOf(
      [1, { item: 1, weight: 2 }],
      [
        { item: 0, weight: 0.5 },
        { item: 3, weight: 0 },
      ],
      [],
    );
    assertGradients((table) => embeddingBag(table, batch), [matrix(4, width)]);
  });

  test("gives zeros for a batch without interactions", () => {
    const batch = batchOf([], []);
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
    const batch = userBatch({ itemCount: 2, interactions: [[1]] });
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
    const batch = batchOf([1], [{ item: 3, weight: 2 }]);
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
    const batch = batchOf([1], []);
    const items = tf.tensor1d([1, 2], "int32");
    expect(() => embeddingBag(matrix(4, 2), { ...batch, items })).toThrow(ShapeMismatchError);
  });

  test("leaves nothing but its result", () => {
    const batch = batchOf([1], []);
    const table = matrix(4, width);
    expect(tensorsLeftBy(() => embeddingBag(table, batch))).toBe(1);
    expect(tensorsLeftBy(() => gradientAt((table) => embeddingBag(table, batch), table))).toBe(1);
  });
});
