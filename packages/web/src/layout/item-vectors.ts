import { type DenseMatrix, type InteractionMatrix, RandomGenerator } from "@dmrec/core";
import { type SparseRows, transposed, truncatedSvd } from "@dmrec/linear-algebra";

/** Directions of the items in the space of their users: enough to tell tastes apart, few enough to compare quickly. */
const clickWidth = 24;

/**
 * Vectors of the items by who clicked them, `[items, width]`, rows of length 1: the singular vectors of the interactions,
 * in which a user of many items counts less. An item without users is 0.
 */
export function clickVectors({ userCount, itemCount, offsets, items }: InteractionMatrix): DenseMatrix {
  const values = new Float32Array(items.length);
  for (let user = 0; user < userCount; user += 1)
    values.fill(1 / Math.sqrt(offsets[user + 1] - offsets[user]), offsets[user], offsets[user + 1]);
  const byUser = { rowCount: userCount, columnCount: itemCount, offsets, columns: items, values };
  const byItem = withUnitRows(transposed(byUser));
  const { rightVectors, singularValues } = truncatedSvd(transposed(byItem), {
    rank: clickWidth,
    random: RandomGenerator.fromSeed(1),
  });
  const width = singularValues.length;
  const scaled = Float32Array.from(
    rightVectors.values,
    (value, position) => value * singularValues[position % width],
  );
  return unitRows({ rowCount: itemCount, columnCount: width, values: scaled });
}

/** Both matrices side by side, `[rows, columns of both]`, each with half of the say. */
export function sideBySide(left: DenseMatrix, right: DenseMatrix): DenseMatrix {
  const columnCount = left.columnCount + right.columnCount;
  const values = new Float32Array(left.rowCount * columnCount);
  for (let row = 0; row < left.rowCount; row += 1) {
    values.set(rowOf(left, row), row * columnCount);
    values.set(rowOf(right, row), row * columnCount + left.columnCount);
  }
  return { rowCount: left.rowCount, columnCount, values };
}

/** The matrix with rows of length 1. A row of zeros stays. */
export function unitRows(matrix: DenseMatrix): DenseMatrix {
  const values = new Float32Array(matrix.values);
  for (let row = 0; row < matrix.rowCount; row += 1) scaleToUnit(rowOf({ ...matrix, values }, row));
  return { ...matrix, values };
}

function withUnitRows(rows: SparseRows): SparseRows {
  const values = new Float32Array(rows.values);
  for (let row = 0; row < rows.rowCount; row += 1)
    scaleToUnit(values.subarray(rows.offsets[row], rows.offsets[row + 1]));
  return { ...rows, values };
}

function scaleToUnit(values: Float32Array): void {
  let squares = 0;
  for (const value of values) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let index = 0; index < values.length; index += 1) values[index] *= scale;
}

function rowOf({ columnCount, values }: DenseMatrix, row: number): Float32Array {
  return values.subarray(row * columnCount, (row + 1) * columnCount);
}
