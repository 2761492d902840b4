/** A sparse matrix in compressed rows (CSR): row `r` owns the entries `offsets[r]` to `offsets[r + 1]`. */
export interface SparseRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** `[rowCount + 1]` */
  readonly offsets: Int32Array;
  /** `[entries]`, the column of each. */
  readonly columns: Int32Array;
  /** `[entries]` */
  readonly values: Float32Array;
}

/**
 * Makes a sparse matrix from its rows, each a list of columns with their values. It reads the rows one by one, so a
 * generator can make them.
 */
export function sparseRows(
  rows: Iterable<readonly (readonly [column: number, value: number])[]>,
  columnCount: number,
): SparseRows {
  const offsets = [0];
  let columns = new Int32Array(1024);
  let values = new Float32Array(1024);
  let length = 0;
  for (const entries of rows) {
    if (length + entries.length > columns.length) {
      const size = 2 * (length + entries.length);
      columns = extended(columns, new Int32Array(size));
      values = extended(values, new Float32Array(size));
    }
    for (const [column, value] of entries) {
      columns[length] = column;
      values[length] = value;
      length += 1;
    }
    offsets.push(length);
  }
  return {
    rowCount: offsets.length - 1,
    columnCount,
    offsets: Int32Array.from(offsets),
    columns: columns.subarray(0, length),
    values: values.subarray(0, length),
  };
}

function extended<Values extends Int32Array | Float32Array>(short: Values, long: Values): Values {
  long.set(short);
  return long;
}

/** The transpose: rows become columns. */
export function transposed({ rowCount, columnCount, offsets, columns, values }: SparseRows): SparseRows {
  const newOffsets = new Int32Array(columnCount + 1);
  for (const column of columns) newOffsets[column + 1] += 1;
  for (let column = 0; column < columnCount; column += 1) newOffsets[column + 1] += newOffsets[column];
  const next = newOffsets.slice();
  const newColumns = new Int32Array(columns.length);
  const newValues = new Float32Array(values.length);
  for (let row = 0; row < rowCount; row += 1) {
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry += 1) {
      const position = next[columns[entry]];
      newColumns[position] = row;
      newValues[position] = values[entry];
      next[columns[entry]] += 1;
    }
  }
  return {
    rowCount: columnCount,
    columnCount: rowCount,
    offsets: newOffsets,
    columns: newColumns,
    values: newValues,
  };
}
