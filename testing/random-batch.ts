import type { UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";

/** An interaction: its row, its item and its weight. */
export type Interaction = readonly [row: number, item: number, weight: number];

export interface BatchValues {
  readonly userCount: number;
  readonly itemCount: number;
  readonly interactions: readonly Interaction[];
}

/** Small batches: without interactions, with repeated ones and with padding too. */
export const batches: fc.Arbitrary<BatchValues> = fc
  .record({ userCount: fc.integer({ min: 1, max: 4 }), itemCount: fc.integer({ min: 1, max: 5 }) })
  .chain(({ userCount, itemCount }) =>
    fc.record({
      userCount: fc.constant(userCount),
      itemCount: fc.constant(itemCount),
      interactions: fc.array(
        fc.tuple(fc.nat(userCount - 1), fc.nat(itemCount - 1), fc.constantFrom(0, 0.5, 1, 2)),
        { maxLength: 12 },
      ),
    }),
  );

export function toBatch({ userCount, itemCount, interactions }: BatchValues): UserBatch {
  return {
    userCount,
    itemCount,
    users: tf.range(0, userCount, 1, "int32"),
    rows: tf.tensor1d(
      interactions.map(([row]) => row),
      "int32",
    ),
    items: tf.tensor1d(
      interactions.map(([, item]) => item),
      "int32",
    ),
    weights: tf.tensor1d(
      interactions.map(([, , weight]) => weight),
      "float32",
    ),
  };
}

/** x as a dense matrix, `[users, items]`: what the code under test never builds. */
export function toDense({ userCount, itemCount, interactions }: BatchValues): tf.Tensor2D {
  const dense = new Float32Array(userCount * itemCount);
  for (const [row, item, weight] of interactions) dense[row * itemCount + item] += weight;
  return tf.tensor2d(dense, [userCount, itemCount]);
}

/** A matrix of distinct, ordinary values. */
export function matrix(rows: number, columns: number): tf.Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, index) => Math.sin(1 + 3 * index)),
    [rows, columns],
  );
}

/** The greatest absolute difference of two tensors of one shape. */
export function greatestDifference(actual: tf.Tensor, expected: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0];
}
