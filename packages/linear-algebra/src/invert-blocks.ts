import { type DenseMatrix, InvalidDataError, type MatrixProduct } from "@dmrec/core";
import { invertPositiveDefinite } from "./cholesky";
import { type BlockRange, blockRange, forEachRow, type SymmetricBlocks } from "./symmetric-blocks";

/** A pivot below this fraction of its diagonal element has lost its digits to the rounding of single precision. */
const negligible = 1e-5;

/**
 * Inverts a symmetric positive definite matrix in its place, by one sweep of each diagonal block (Goodnight 1979, in blocks).
 *
 * It takes as many operations as a Cholesky factorisation with its inverse, n³, almost all of them in the given products.
 * A diagonal block is what the factorisation would find there, and is inverted by Cholesky in double precision.
 *
 * @throws InvalidDataError if the matrix is not positive definite, or so nearly singular that single precision cannot tell.
 *   What the blocks hold then is of no use.
 * @example
 * const matrix = gramBlocks(interactions, 100);
 * await invertBlocks(matrix, product); // (XᵀX + 100 I)⁻¹
 */
export async function invertBlocks(matrix: SymmetricBlocks, product: MatrixProduct): Promise<void> {
  const diagonal = diagonalOf(matrix);
  const panel = zeros(matrix.size, matrix.blockSize);
  for (const block of matrix.blockRows.keys()) await sweep(matrix, block, panel, product);
  // The sweeps leave the negative inverse.
  for (const { values } of matrix.blockRows)
    for (let entry = 0; entry < values.length; entry += 1) values[entry] = -values[entry];
  assertExact(diagonal, diagonalOf(matrix));
}

function diagonalOf(matrix: SymmetricBlocks): Float32Array {
  const diagonal = new Float32Array(matrix.size);
  forEachRow(matrix, (values, row) => {
    diagonal[row] = values[row];
  });
  return diagonal;
}

/** Checks that 1 / (A⁻¹)ᵢᵢ, the last pivot if row i is eliminated last, is no rounding error of Aᵢᵢ. */
function assertExact(diagonal: Float32Array, inverse: Float32Array): void {
  const row = diagonal.findIndex((value, row) => !(1 / (inverse[row] * value) > negligible));
  if (row < 0) return;
  throw new InvalidDataError({
    source: "the matrix",
    location: `row ${row}`,
    actual: `the pivot ${1 / inverse[row]} beside ${diagonal[row]} on the diagonal`,
    expected: "a matrix that is positive definite in single precision, such as one with a greater diagonal",
  });
}

/**
 * Sweeps a diagonal block D: with C the other rows of its columns, A − C D⁻¹ Cᵀ takes the place of the other rows and columns
 * A, C D⁻¹ that of C, and −D⁻¹ that of D.
 */
async function sweep(
  matrix: SymmetricBlocks,
  block: number,
  panel: DenseMatrix,
  product: MatrixProduct,
): Promise<void> {
  const { start, end } = blockRange(matrix, block);
  const width = end - start;
  const columns = firstColumns(panel, width);
  readColumns(matrix, block, columns);
  const inverse = invertDiagonal(matrix, block);
  const scaled = await product(columns, inverse);
  for (const [other, row] of matrix.blockRows.entries()) {
    if (other === block) continue;
    const range = blockRange(matrix, other);
    const change = await product(rowsOf(scaled, range), rowsOf(columns, { start: 0, end: range.end }));
    const [to, from] = [row.values, change.values];
    for (let entry = 0; entry < to.length; entry += 1) to[entry] -= from[entry];
  }
  writeColumns(matrix, block, scaled, inverse);
}

/** The columns of a block, `[size, width]`. Its own rows are 0, so that a product leaves the block as it is. */
function readColumns(
  { blockRows, blockSize, size }: SymmetricBlocks,
  block: number,
  into: DenseMatrix,
): void {
  const [start, width] = [block * blockSize, into.columnCount];
  const own = blockRows[block];
  for (let row = 0; row < start; row += 1)
    for (let column = 0; column < width; column += 1)
      into.values[row * width + column] = own.values[column * own.columnCount + row];
  into.values.fill(0, start * width, (start + width) * width);
  for (let row = start + width; row < size; row += 1) {
    const { columnCount, values } = blockRows[Math.floor(row / blockSize)];
    const from = (row % blockSize) * columnCount + start;
    into.values.set(values.subarray(from, from + width), row * width);
  }
}

function writeColumns(
  { blockRows, blockSize, size }: SymmetricBlocks,
  block: number,
  scaled: DenseMatrix,
  inverse: DenseMatrix,
): void {
  const [start, width] = [block * blockSize, inverse.rowCount];
  const own = blockRows[block];
  for (let row = 0; row < start; row += 1)
    for (let column = 0; column < width; column += 1)
      own.values[column * own.columnCount + row] = scaled.values[row * width + column];
  for (let row = 0; row < width; row += 1)
    for (let column = 0; column < width; column += 1)
      own.values[row * own.columnCount + start + column] = -inverse.values[row * width + column];
  for (let row = start + width; row < size; row += 1) {
    const { columnCount, values } = blockRows[Math.floor(row / blockSize)];
    values.set(
      scaled.values.subarray(row * width, (row + 1) * width),
      (row % blockSize) * columnCount + start,
    );
  }
}

/** D⁻¹, `[width, width]`. */
function invertDiagonal({ blockRows, blockSize }: SymmetricBlocks, block: number): DenseMatrix {
  const { rowCount, columnCount, values } = blockRows[block];
  const start = block * blockSize;
  const diagonal = new Float64Array(rowCount * rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const from = row * columnCount + start;
    diagonal.set(values.subarray(from, from + row + 1), row * rowCount);
  }
  const inverse = invertPositiveDefinite({ size: rowCount, values: diagonal });
  return { rowCount, columnCount: rowCount, values: new Float32Array(inverse.values) };
}

function zeros(rowCount: number, columnCount: number): DenseMatrix {
  return { rowCount, columnCount, values: new Float32Array(rowCount * columnCount) };
}

/** A matrix of fewer columns in the memory of another one. */
function firstColumns({ rowCount, values }: DenseMatrix, columnCount: number): DenseMatrix {
  return { rowCount, columnCount, values: values.subarray(0, rowCount * columnCount) };
}

function rowsOf({ columnCount, values }: DenseMatrix, { start, end }: BlockRange): DenseMatrix {
  return {
    rowCount: end - start,
    columnCount,
    values: values.subarray(start * columnCount, end * columnCount),
  };
}
