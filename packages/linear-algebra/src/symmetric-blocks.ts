import type { DenseMatrix } from "@dmrec/core";
import type { SparseRows } from "./sparse-rows";

/** Rows of a block: few calls of the product, and diagonal blocks that take little time. */
const defaultBlockSize = 256;

/**
 * The lower triangle of a symmetric matrix in single precision, in rows of square blocks. Block row `b` begins with row
 * `b · blockSize` and holds all columns up to its last row.
 */
export interface SymmetricBlocks {
  readonly size: number;
  readonly blockSize: number;
  /** `[rows of the block row, columns up to its end]` each. */
  readonly blockRows: readonly DenseMatrix[];
}

/** The rows, and columns, of a block. */
export interface BlockRange {
  readonly start: number;
  readonly end: number;
}

export function blockRange({ size, blockSize }: SymmetricBlocks, block: number): BlockRange {
  return { start: block * blockSize, end: Math.min((block + 1) * blockSize, size) };
}

/**
 * XᵀX + λI of a sparse X, `[columns of X, columns of X]`.
 *
 * @param diagonal λ, the number that is added to the diagonal.
 * @param blockSize Rows of a block. @default 256
 */
export function gramBlocks(
  x: SparseRows,
  diagonal: number,
  blockSize: number = defaultBlockSize,
): SymmetricBlocks {
  const size = x.columnCount;
  const blockRows = Array.from({ length: Math.ceil(size / blockSize) }, (_, block) => {
    const columnCount = Math.min((block + 1) * blockSize, size);
    const rowCount = columnCount - block * blockSize;
    return { rowCount, columnCount, values: new Float32Array(rowCount * columnCount) };
  });
  for (let row = 0; row < x.rowCount; row += 1) {
    const [start, end] = [x.offsets[row], x.offsets[row + 1]];
    for (let entry = start; entry < end; entry += 1) {
      const [column, value] = [x.columns[entry], x.values[entry]];
      const block = Math.floor(column / blockSize);
      const { columnCount, values } = blockRows[block];
      const from = (column - block * blockSize) * columnCount;
      for (let other = start; other < end; other += 1)
        if (x.columns[other] <= column) values[from + x.columns[other]] += value * x.values[other];
    }
  }
  const gram = { size, blockSize, blockRows };
  forEachRow(gram, (values, row) => {
    values[row] += diagonal;
  });
  return gram;
}

/** Visits the rows of the triangle, each up to its diagonal, `[row + 1]`. */
export function forEachRow(
  { blockSize, blockRows }: SymmetricBlocks,
  visit: (values: Float32Array, row: number) => void,
): void {
  for (const [block, { rowCount, columnCount, values }] of blockRows.entries()) {
    for (let index = 0; index < rowCount; index += 1) {
      const row = block * blockSize + index;
      visit(values.subarray(index * columnCount, index * columnCount + row + 1), row);
    }
  }
}
