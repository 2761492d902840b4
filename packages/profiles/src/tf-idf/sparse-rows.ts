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

/** A sparse matrix of rows of (column, value). */
export function sparseRows(
  rows: readonly (readonly (readonly [column: number, value: number])[])[],
  columnCount: number,
): SparseRows {
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, entries] of rows.entries()) offsets[row + 1] = offsets[row] + entries.length;
  const columns = new Int32Array(offsets[rows.length]);
  const values = new Float32Array(columns.length);
  let position = 0;
  for (const [column, value] of rows.flat()) {
    columns[position] = column;
    values[position] = value;
    position += 1;
  }
  return { rowCount: rows.length, columnCount, offsets, columns, values };
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
