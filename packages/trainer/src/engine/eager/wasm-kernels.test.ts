import { InvalidDataError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadBackend } from "./tensor-backend";

beforeAll(() => loadBackend("wasm"));

const size = fc.integer({ min: 1, max: 9 });
const matrix = (rows: number, columns: number, seed: number) =>
  tf.randomNormal<tf.Rank.R2>([rows, columns], 0, 1, "float32", seed);

describe("the replaced WASM kernels", () => {
  it("multiply with any transposes as the plain product of transposed matrices does", () => {
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        (rows, inner, columns, transposeA, transposeB) => {
          const difference = tf.tidy(() => {
            const a = matrix(rows, inner, 1);
            const b = matrix(inner, columns, 2);
            const product = tf.matMul(
              transposeA ? tf.transpose(a) : a,
              transposeB ? tf.transpose(b) : b,
              transposeA,
              transposeB,
            );
            return tf.max(tf.abs(tf.sub(product, tf.matMul(a, b)))).dataSync()[0];
          });
          expect(difference).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("gather rows, repeated ones and none", () => {
    fc.assert(
      fc.property(size, size, fc.array(fc.nat()), (rows, columns, picks) => {
        const indices = picks.map((pick) => pick % rows);
        tf.tidy(() => {
          const table = matrix(rows, columns, 3);
          const gathered = tf.gather(table, tf.tensor1d(indices, "int32")).dataSync();
          const values = table.dataSync();
          const expected = indices.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]);
          expect([...gathered]).toEqual(expected);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("refuse rows that a matrix does not have, and leave nothing behind", () => {
    const before = tf.memory().numTensors;
    for (const row of [-1, 3]) {
      const gather = () => tf.tidy(() => tf.gather(matrix(3, 2, 5), tf.tensor1d([0, row], "int32")));
      expect(gather).toThrow(InvalidDataError);
      expect(gather).toThrow(`position 1: ${row}; expected an index from 0 to 2`);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("differentiate gathers of repeated rows, with one and with two axes of indices", () => {
    tf.tidy(() => {
      const table = matrix(3, 2, 4);
      const ones = (indices: tf.Tensor) =>
        tf
          .grad((values) => tf.sum(tf.gather(values, tf.cast(indices, "int32"))))(table)
          .arraySync();
      expect(ones(tf.tensor1d([2, 0, 2]))).toEqual([
        [1, 1],
        [0, 0],
        [2, 2],
      ]);
      expect(ones(tf.tensor2d([[1, 1]]))).toEqual([
        [0, 0],
        [2, 2],
        [0, 0],
      ]);
    });
  });

  it("leave no memory behind", () => {
    const before = tf.memory();
    tf.dispose(tf.tidy(() => tf.matMul(matrix(3, 4, 1), matrix(3, 4, 2), true, false)));
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
