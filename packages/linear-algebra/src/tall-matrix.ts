import { openWorkspace } from "./add-product";
import type { SparseRows } from "./sparse-rows";

/** A dense matrix of many rows and few columns, `[rowCount, width]` row after row, in single or double precision. */
export interface TallMatrix {
  readonly rowCount: number;
  readonly width: number;
  readonly values: Float32Array | Float64Array;
}

/** Zeros of the precision of a matrix. */
function zerosLike({ values }: TallMatrix, length: number): Float32Array | Float64Array {
  return values instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** Rows that a product takes at a time, a multiple of four: two such blocks of a few hundred columns fit a processor's cache. */
const blockRows = 64;

/** Rows of XᵀX that are computed together. Columns left of them are known already. */
const panelRows = 32;

/** XᵀY of two tall matrices, `[width of X, width of Y]`, row after row. */
export function innerProducts(x: TallMatrix, y: TallMatrix): Float64Array {
  const [m, n] = [x.width, y.width];
  const isGram = x === y;
  const [xRow, yRow] = [even(m), even(n)];
  const xStart = m * yRow;
  const yStart = isGram ? xStart : xStart + blockRows * xRow;
  const { numbers, addProduct } = openWorkspace(yStart + blockRows * yRow);
  for (let first = 0; first < x.rowCount; first += blockRows) {
    const inner = copyRows(x, first, numbers, xStart, xRow);
    if (!isGram) copyRows(y, first, numbers, yStart, yRow);
    for (let row = 0; row < m; row += panelRows) {
      const column = isGram ? row : 0;
      addProduct(
        { start: row * yRow + column, row: yRow },
        { start: xStart + row, row: 1, column: xRow },
        { start: yStart + column, row: yRow },
        { rows: Math.min(panelRows, m - row), inner, columns: yRow - column },
      );
    }
  }
  const product = new Float64Array(m * n);
  for (let row = 0; row < m; row += 1) product.set(numbers.subarray(row * yRow, row * yRow + n), row * n);
  if (isGram)
    for (let i = 0; i < m; i += 1) for (let j = 0; j < i; j += 1) product[i * n + j] = product[j * n + i];
  return product;
}

/** X F for a small factor F `[width, columns]`, given row after row. */
export function timesSmall(x: TallMatrix, factor: Float64Array, columns: number): TallMatrix {
  const values = zerosLike(x, x.rowCount * columns);
  const inner = 4 * Math.ceil(x.width / 4);
  const row = even(columns);
  const [xStart, sumsStart] = [inner * row, inner * row + blockRows * inner];
  const { numbers, addProduct } = openWorkspace(sumsStart + blockRows * row);
  copyRows({ rowCount: x.width, width: columns, values: factor }, 0, numbers, 0, row, x.width);
  for (let first = 0; first < x.rowCount; first += blockRows) {
    const rows = Math.min(blockRows, x.rowCount - first);
    copyRows(x, first, numbers, xStart, inner);
    numbers.fill(0, sumsStart);
    addProduct(
      { start: sumsStart, row },
      { start: xStart, row: inner, column: 1 },
      { start: 0, row },
      { rows, inner, columns: row },
    );
    for (let index = 0; index < rows; index += 1) {
      const from = sumsStart + index * row;
      values.set(numbers.subarray(from, from + columns), (first + index) * columns);
    }
  }
  return { rowCount: x.rowCount, width: columns, values };
}

const even = (count: number) => count + (count % 2);

/**
 * Copies rows of a matrix, as many as there are up to `count`, and zeros up to the next multiple of four.
 *
 * @returns The number of rows with those of zeros.
 */
function copyRows(
  { rowCount, width, values }: TallMatrix,
  first: number,
  into: Float64Array,
  start: number,
  distance: number,
  count = blockRows,
): number {
  const rows = Math.min(count, rowCount - first);
  for (let row = 0; row < rows; row += 1)
    into.set(values.subarray((first + row) * width, (first + row + 1) * width), start + row * distance);
  const filled = 4 * Math.ceil(rows / 4);
  into.fill(0, start + rows * distance, start + filled * distance);
  return filled;
}

/** A X for a sparse A. */
export function timesTall(a: SparseRows, x: TallMatrix): TallMatrix {
  const { width } = x;
  const values = zerosLike(x, a.rowCount * width);
  const sums = new Float64Array(width);
  for (let row = 0; row < a.rowCount; row += 1) {
    sums.fill(0);
    const end = a.offsets[row + 1];
    let entry = a.offsets[row];
    for (; entry + 3 < end; entry += 4) {
      const [from0, weight0] = [a.columns[entry] * width, a.values[entry]];
      const [from1, weight1] = [a.columns[entry + 1] * width, a.values[entry + 1]];
      const [from2, weight2] = [a.columns[entry + 2] * width, a.values[entry + 2]];
      const [from3, weight3] = [a.columns[entry + 3] * width, a.values[entry + 3]];
      for (let j = 0; j < width; j += 1) {
        sums[j] +=
          weight0 * x.values[from0 + j] +
          weight1 * x.values[from1 + j] +
          weight2 * x.values[from2 + j] +
          weight3 * x.values[from3 + j];
      }
    }
    for (; entry < end; entry += 1) {
      const [from, weight] = [a.columns[entry] * width, a.values[entry]];
      for (let j = 0; j < width; j += 1) sums[j] += weight * x.values[from + j];
    }
    values.set(sums, row * width);
  }
  return { rowCount: a.rowCount, width, values };
}
