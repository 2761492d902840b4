import { InvalidDataError, type MatrixProduct, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { invertBlocks } from "./invert-blocks";
import { type SparseRows, sparseRows } from "./sparse-rows";
import { forEachRow, gramBlocks, type SymmetricBlocks } from "./symmetric-blocks";

/** The plainest product, in single precision. */
const product: MatrixProduct = async (a, b) => {
  const values = new Float32Array(a.rowCount * b.rowCount);
  for (let row = 0; row < a.rowCount; row += 1)
    for (let column = 0; column < b.rowCount; column += 1) {
      let sum = 0;
      for (let inner = 0; inner < a.columnCount; inner += 1)
        sum = Math.fround(
          sum + a.values[row * a.columnCount + inner] * b.values[column * b.columnCount + inner],
        );
      values[row * b.rowCount + column] = sum;
    }
  return { rowCount: a.rowCount, columnCount: b.rowCount, values };
};

function interactions(rowCount: number, columnCount: number, density: number, seed: number): SparseRows {
  const random = RandomGenerator.fromSeed(seed);
  const rows = Array.from({ length: rowCount }, () =>
    Array.from({ length: columnCount }, (_, column) => [column, 1 + random.integer(2)] as const).filter(
      () => random.uniform() < density,
    ),
  );
  return sparseRows(rows, columnCount);
}

function denseRows({ rowCount, columnCount, offsets, columns, values }: SparseRows): Matrix {
  const matrix = Matrix.zeros(rowCount, columnCount);
  for (let row = 0; row < rowCount; row += 1)
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry += 1)
      matrix.set(row, columns[entry], values[entry]);
  return matrix;
}

/** The whole matrix of a triangle. */
function whole(blocks: SymmetricBlocks): Matrix {
  const matrix = Matrix.zeros(blocks.size, blocks.size);
  forEachRow(blocks, (values, row) => {
    expect(values).toHaveLength(row + 1);
    values.forEach((value, column) => {
      matrix.set(row, column, value).set(column, row, value);
    });
  });
  return matrix;
}

const gramOf = (x: SparseRows, diagonal: number) => {
  const dense = denseRows(x);
  return dense
    .transpose()
    .mmul(dense)
    .add(Matrix.eye(x.columnCount, x.columnCount, diagonal));
};

describe("gramBlocks", () => {
  it("is XᵀX + λI, whatever the size of the blocks", () => {
    const x = interactions(20, 13, 0.4, 1);
    for (const blockSize of [1, 4, 13, 50])
      expect(
        whole(gramBlocks(x, 0.5, blockSize))
          .sub(gramOf(x, 0.5))
          .abs()
          .max(),
      ).toBe(0);
  });
});

describe("invertBlocks", () => {
  it("agrees with the inverse in double precision", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (size, blockSize, seed) => {
          const x = interactions(40, size, 0.3, seed);
          const blocks = gramBlocks(x, 5, blockSize);
          await invertBlocks(blocks, product);
          const expected = gramOf(x, 5);
          const residual = whole(blocks).mmul(expected).sub(Matrix.eye(size));
          expect(residual.abs().max()).toBeLessThan(2e-5);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("inverts a matrix of several default blocks", async () => {
    const x = interactions(300, 300, 0.05, 2);
    const blocks = gramBlocks(x, 10);
    expect(blocks.blockRows).toHaveLength(2);
    await invertBlocks(blocks, product);
    expect(whole(blocks).mmul(gramOf(x, 10)).sub(Matrix.eye(300)).abs().max()).toBeLessThan(1e-5);
  });

  it("refuses a matrix that is not positive definite", async () => {
    const blocks = gramBlocks(interactions(10, 6, 0.5, 3), -100, 2);
    await expect(invertBlocks(blocks, product)).rejects.toThrow(InvalidDataError);
  });

  it("refuses a matrix that single precision cannot tell from a singular one", async () => {
    const rows = Array.from(
      { length: 50 },
      () =>
        [
          [0, 1],
          [1, 1],
        ] as const,
    );
    for (const blockSize of [1, 2]) {
      await expect(invertBlocks(gramBlocks(sparseRows(rows, 2), 1e-4, blockSize), product)).rejects.toThrow(
        /positive definite/,
      );
      await invertBlocks(gramBlocks(sparseRows(rows, 2), 0.1, blockSize), product);
    }
  });

  it("inverts a matrix without rows", async () => {
    const blocks = gramBlocks(sparseRows([], 0), 1);
    await invertBlocks(blocks, product);
    expect(blocks.blockRows).toHaveLength(0);
  });
});
