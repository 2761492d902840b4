import { InvalidDataError } from "@dmrec/core";

/** A square matrix in double precision, `[size, size]` row after row. */
export interface SquareMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** Columns of a block: small enough for the cache. */
const blockSize = 64;

/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ, a lower triangle (Golub and Van Loan 2013,
 * algorithm 4.2.2), computed in blocks of columns. Only the lower triangle of A is read.
 *
 * @throws InvalidDataError if the matrix is not positive definite, or a pivot is so small that it is rounding.
 */
export function choleskyFactor({ size, values }: SquareMatrix): SquareMatrix {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    factor.set(values.subarray(row * size, row * size + row + 1), row * size);
  for (let start = 0; start < size; start += blockSize) {
    const end = Math.min(start + blockSize, size);
    factorColumns(factor, values, size, start, end);
    subtractProducts(factor, size, start, end);
  }
  return { size, values: factor };
}

/** Finishes the columns of a block, from which the products of earlier blocks are subtracted already. */
function factorColumns(
  factor: Float64Array,
  matrix: Float64Array,
  size: number,
  start: number,
  end: number,
): void {
  for (let column = start; column < end; column += 1) {
    const own = column * size;
    let square = factor[own + column];
    for (let inner = start; inner < column; inner += 1) square -= factor[own + inner] ** 2;
    // The rounding of the sums before it: a smaller pivot has no correct digit.
    const rounding = size * Number.EPSILON * matrix[own + column];
    if (!(square > rounding && square < Number.POSITIVE_INFINITY)) {
      throw new InvalidDataError({
        source: "the matrix",
        location: `column ${column}`,
        actual: `the pivot ${square}`,
        expected: "a symmetric positive definite matrix, whose pivots are all above 0 by more than rounding",
      });
    }
    const pivot = Math.sqrt(square);
    factor[own + column] = pivot;
    for (let row = column + 1; row < size; row += 1) {
      const other = row * size;
      let sum = factor[other + column];
      for (let inner = start; inner < column; inner += 1) sum -= factor[other + inner] * factor[own + inner];
      factor[other + column] = sum / pivot;
    }
  }
}

/** Subtracts the products of a block's columns from the triangle that is left. */
function subtractProducts(factor: Float64Array, size: number, start: number, end: number): void {
  for (let row = end; row < size; row += 1) {
    const left = row * size;
    for (let column = end; column <= row; column += 1) {
      const right = column * size;
      let sum = 0;
      for (let inner = start; inner < end; inner += 1) sum += factor[left + inner] * factor[right + inner];
      factor[left + column] -= sum;
    }
  }
}

/**
 * The solution x of A x = b, `[size]`, from the Cholesky factor of A.
 *
 * @throws InvalidDataError if b has another length.
 */
export function solveCholesky({ size, values }: SquareMatrix, b: Float64Array): Float64Array {
  if (b.length !== size) {
    throw new InvalidDataError({
      source: "the right side",
      actual: `${b.length} numbers`,
      expected: `${size}`,
    });
  }
  const x = b.slice();
  for (let row = 0; row < size; row += 1) {
    const from = row * size;
    let sum = x[row];
    for (let column = 0; column < row; column += 1) sum -= values[from + column] * x[column];
    x[row] = sum / values[from + row];
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const from = row * size;
    const value = x[row] / values[from + row];
    x[row] = value;
    for (let column = 0; column < row; column += 1) x[column] -= values[from + column] * value;
  }
  return x;
}

/**
 * The inverse of a symmetric positive definite matrix.
 *
 * @throws InvalidDataError if the matrix is not positive definite, or a pivot is so small that it is rounding.
 */
export function invertPositiveDefinite(matrix: SquareMatrix): SquareMatrix {
  const { size } = matrix;
  const factor = choleskyFactor(matrix);
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let column = 0; column < size; column += 1) {
    unit.fill(0)[column] = 1;
    // The inverse is symmetric, so its columns are its rows.
    inverse.set(solveCholesky(factor, unit), column * size);
  }
  return { size, values: inverse };
}
