import { type InteractionMatrix, InvalidDataError, InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import { interactionMatrix, syntheticCatalogue } from "@dmrec/data";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { type SparseRows, sparseRows } from "./sparse-rows";
import { truncatedSvd } from "./truncated-svd";

const random = RandomGenerator.fromSeed(3);

function randomRows(rowCount: number, columnCount: number, density: number): SparseRows {
  const row = () =>
    Array.from(
      { length: columnCount },
      (_, column) => [column, random.normal() * 0.97 ** column] as const,
    ).filter(() => random.uniform() < density);
  return sparseRows(Array.from({ length: rowCount }, row), columnCount);
}

function dense({ rowCount, columnCount, offsets, columns, values }: SparseRows): Matrix {
  const matrix = Matrix.zeros(rowCount, columnCount);
  for (let row = 0; row < rowCount; row += 1)
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry += 1)
      matrix.set(row, columns[entry], values[entry]);
  return matrix;
}

const decompose = (matrix: SparseRows, rank: number) =>
  truncatedSvd(matrix, { rank, iterations: 6, random: random.fork("svd"), precision: "single" });

describe("truncatedSvd in single precision", () => {
  it("finds the greatest singular values and vectors of a full decomposition", () => {
    const matrix = randomRows(120, 90, 0.3);
    const { singularValues, rightVectors } = decompose(matrix, 12);
    const full = new SingularValueDecomposition(dense(matrix));
    expect(singularValues).toHaveLength(12);
    for (const [index, value] of singularValues.entries()) {
      expect(Math.abs(value / full.diagonal[index] - 1)).toBeLessThan(1e-3);
    }
    for (const index of [0, 1, 2]) {
      const cosine = full.rightSingularVectors
        .getColumn(index)
        .reduce((sum, entry, row) => sum + entry * rightVectors.values[row * 12 + index], 0);
      expect(Math.abs(cosine)).toBeGreaterThan(0.999);
    }
  });

  it("finds no more values than the matrix has rank, and orthonormal vectors", () => {
    const [a, b] = [randomRows(1, 40, 1), randomRows(1, 40, 1)];
    const entries = (row: SparseRows) =>
      Array.from(row.columns, (column, index) => [column, row.values[index]] as const);
    const matrix = sparseRows([entries(a), entries(b), entries(a), [], entries(b)], 40);
    const { singularValues, rightVectors } = decompose(matrix, 10);
    expect(singularValues).toHaveLength(2);
    const v = new Matrix(
      Array.from({ length: 40 }, (_, row) => [...rightVectors.values.subarray(2 * row, 2 * row + 2)]),
    );
    const gram = v.transpose().mmul(v);
    expect(Matrix.sub(gram, Matrix.eye(2)).abs().max()).toBeLessThan(1e-5);
  });
});

const rowsOf = ({ userCount, itemCount, offsets, items, weights }: InteractionMatrix): SparseRows => ({
  rowCount: userCount,
  columnCount: itemCount,
  offsets,
  columns: items,
  values: weights,
});

describe("truncatedSvd in double precision", () => {
  it("agrees with the full decomposition of a dense matrix", () => {
    const { train } = syntheticCatalogue({ users: 120, items: 60, seed: 3 });
    const { singularValues, rightVectors } = truncatedSvd(rowsOf(train), {
      rank: 8,
      random: RandomGenerator.fromSeed(1),
      iterations: 40,
    });
    const whole = new SingularValueDecomposition(dense(rowsOf(train)));
    singularValues.forEach((value, index) => {
      expect(value).toBeCloseTo(whole.diagonal[index], 6);
      let cosine = 0;
      for (let item = 0; item < 60; item += 1)
        cosine += rightVectors.values[item * 8 + index] * whole.rightSingularVectors.get(item, index);
      expect(Math.abs(cosine)).toBeCloseTo(1, 4);
    });
  });

  it("finds as many values as there are, and none of an empty matrix", () => {
    const pairs = { users: Int32Array.of(0, 0, 1, 1, 2), items: Int32Array.of(0, 1, 0, 1, 3) };
    const options = { rank: 5, random: RandomGenerator.fromSeed(1) };
    const two = truncatedSvd(rowsOf(interactionMatrix({ userCount: 4, itemCount: 5, ...pairs })), options);
    expect([...two.singularValues].map((value) => Number(value.toFixed(6)))).toEqual([2, 1]);
    const none = { users: new Int32Array(0), items: new Int32Array(0) };
    const empty = truncatedSvd(rowsOf(interactionMatrix({ userCount: 4, itemCount: 5, ...none })), options);
    expect(empty.singularValues).toHaveLength(0);
  });

  it("finds singular values of very different sizes", () => {
    // Two rotated diagonals: rows of (a, a) and (b, −b) have the singular values a √2 and b √2.
    const sizes = [1, 0.1, 1e-2, 1e-3, 1e-4];
    const entries = sizes.flatMap((size, pair) => [
      [
        [2 * pair, size],
        [2 * pair + 1, size],
      ] as const,
      [
        [2 * pair, size / 2],
        [2 * pair + 1, -size / 2],
      ] as const,
    ]);
    const expected = sizes.flatMap((size) => [size * Math.SQRT2, (size * Math.SQRT2) / 2]);
    for (const refine of [true, false]) {
      const { singularValues } = truncatedSvd(sparseRows(entries, 10), {
        rank: 10,
        iterations: 20,
        refine,
        random,
      });
      expect(singularValues).toHaveLength(10);
      for (const [index, value] of singularValues.entries())
        expect(value / Math.fround(expected[index])).toBeCloseTo(1, refine ? 5 : 3);
    }
  });

  it("refuses options by name, and values that are not finite", () => {
    const matrix = sparseRows([[[0, 1]]], 1);
    expect(() => truncatedSvd(matrix, { rank: 0, random })).toThrow(InvalidOptionsError);
    expect(() => truncatedSvd(matrix, { rank: 1, random, iterations: 0 })).toThrow(
      /^truncatedSvd: iterations/,
    );
    expect(() => truncatedSvd(matrix, { rank: 1, random, oversampling: Number.NaN })).toThrow(
      InvalidOptionsError,
    );
    const damaged = sparseRows([[[0, 1]], [[0, Number.NaN]]], 1);
    expect(() => truncatedSvd(damaged, { rank: 1, random })).toThrow(InvalidDataError);
    expect(() => truncatedSvd(damaged, { rank: 1, random })).toThrow(/entry 1, column 0: NaN/);
  });
});
