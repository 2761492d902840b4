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

/** XᵀY of two tall matrices, `[width of X, width of Y]`, row after row. */
export function innerProducts(x: TallMatrix, y: TallMatrix): Float64Array {
  const [m, n] = [x.width, y.width];
  const product = new Float64Array(m * n);
  const isGram = x === y;
  const padded = x.rowCount - (x.rowCount % 4);
  // Four rows at a time: each entry of the product is read and written a quarter as often.
  for (let row = 0; row < padded; row += 4) {
    const [x0, y0] = [row * m, row * n];
    for (let i = 0; i < m; i += 1) {
      const a = x.values[x0 + i];
      const b = x.values[x0 + m + i];
      const c = x.values[x0 + 2 * m + i];
      const d = x.values[x0 + 3 * m + i];
      for (let j = isGram ? i : 0; j < n; j += 1) {
        product[i * n + j] +=
          a * y.values[y0 + j] +
          b * y.values[y0 + n + j] +
          c * y.values[y0 + 2 * n + j] +
          d * y.values[y0 + 3 * n + j];
      }
    }
  }
  for (let row = padded; row < x.rowCount; row += 1) {
    for (let i = 0; i < m; i += 1) {
      const a = x.values[row * m + i];
      for (let j = isGram ? i : 0; j < n; j += 1) product[i * n + j] += a * y.values[row * n + j];
    }
  }
  if (isGram)
    for (let i = 0; i < m; i += 1) for (let j = 0; j < i; j += 1) product[i * n + j] = product[j * n + i];
  return product;
}

/** X F for a small factor F `[width, columns]`, given row after row. */
export function timesSmall(x: TallMatrix, factor: Float64Array, columns: number): TallMatrix {
  const values = zerosLike(x, x.rowCount * columns);
  const sums = new Float64Array(columns);
  const padded = x.width - (x.width % 4);
  for (let row = 0; row < x.rowCount; row += 1) {
    sums.fill(0);
    const from = row * x.width;
    for (let i = 0; i < padded; i += 4) {
      const a = x.values[from + i];
      const b = x.values[from + i + 1];
      const c = x.values[from + i + 2];
      const d = x.values[from + i + 3];
      const f = i * columns;
      for (let j = 0; j < columns; j += 1) {
        sums[j] +=
          a * factor[f + j] +
          b * factor[f + columns + j] +
          c * factor[f + 2 * columns + j] +
          d * factor[f + 3 * columns + j];
      }
    }
    for (let i = padded; i < x.width; i += 1) {
      const a = x.values[from + i];
      for (let j = 0; j < columns; j += 1) sums[j] += a * factor[i * columns + j];
    }
    values.set(sums, row * columns);
  }
  return { rowCount: x.rowCount, width: columns, values };
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
