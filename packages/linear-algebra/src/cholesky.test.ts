import { InvalidDataError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { choleskyFactor, invertPositiveDefinite, type SquareMatrix, solveCholesky } from "./cholesky";

/** B Bᵀ + I for a random B, which is positive definite. */
function positiveDefinite(size: number, seed: number): Matrix {
  const random = RandomGenerator.fromSeed(seed);
  const b = new Matrix(
    Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal())),
  );
  return b.mmul(b.transpose()).add(Matrix.eye(size));
}
const square = (matrix: Matrix): SquareMatrix => ({
  size: matrix.rows,
  values: Float64Array.from(matrix.to1DArray()),
});
const dense = ({ size, values }: SquareMatrix) => Matrix.from1DArray(size, size, values);
const largest = (matrix: Matrix) => matrix.abs().max();

describe("Cholesky", () => {
  it("factors a matrix into a lower triangle and its transpose, in one block and in several", () => {
    for (const size of [1, 5, 63, 64, 65, 150]) {
      const matrix = positiveDefinite(size, size);
      const factor = dense(choleskyFactor(square(matrix)));
      expect(largest(Matrix.sub(factor.mmul(factor.transpose()), matrix)) / largest(matrix)).toBeLessThan(
        1e-12,
      );
      for (let row = 0; row < size; row += 1)
        for (let column = row + 1; column < size; column += 1) expect(factor.get(row, column)).toBe(0);
    }
  });

  it("inverts and solves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), (size, seed) => {
        const matrix = positiveDefinite(size, seed);
        const product = dense(invertPositiveDefinite(square(matrix))).mmul(matrix);
        expect(largest(Matrix.sub(product, Matrix.eye(size)))).toBeLessThan(1e-8);
        const expected = Float64Array.from({ length: size }, (_, index) => index - 2);
        const b = Float64Array.from(matrix.mmul(Matrix.columnVector([...expected])).to1DArray());
        solveCholesky(choleskyFactor(square(matrix)), b).forEach((value, index) => {
          expect(value).toBeCloseTo(expected[index], 6);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("refuses a matrix that is not positive definite, naming the column, and a right side of another length", () => {
    const indefinite = { size: 2, values: Float64Array.of(1, 2, 2, 1) };
    expect(() => choleskyFactor(indefinite)).toThrow(InvalidDataError);
    expect(() => choleskyFactor(indefinite)).toThrow(/column 1: the pivot -3; expected a symmetric positive/);
    expect(() => choleskyFactor({ size: 1, values: Float64Array.of(Number.NaN) })).toThrow(/the pivot NaN/);
    const factor = choleskyFactor({ size: 1, values: Float64Array.of(4) });
    expect(() => solveCholesky(factor, new Float64Array(2))).toThrow(/2 numbers; expected 1/);
  });

  it("refuses a singular matrix of which rounding makes a pivot positive", () => {
    const singular = [
      [0.1, 0.3, 0.3, 0.9],
      [0.3, 0.1, 0.1, 0.1 ** 2 / 0.3],
      [1, 1, 1, 1],
    ];
    for (const values of singular)
      expect(() => choleskyFactor({ size: 2, values: Float64Array.from(values) })).toThrow(InvalidDataError);
    // An item that is there twice.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), (size, seed) => {
        const matrix = positiveDefinite(size, seed);
        const twice = [...Array.from({ length: size }, (_, index) => index), seed % size];
        expect(() => choleskyFactor(square(matrix.selection(twice, twice)))).toThrow(InvalidDataError);
      }),
    );
  });
});
