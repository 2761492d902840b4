import type { ProfileTables } from "./profile-tables";

/** The rows of a table with unit length, `[rows, width]`; a row of zeros stays one. */
export function directions({ shape: [rowCount, width], values }: ProfileTables["users"]): Float64Array {
  const result = Float64Array.from(values);
  for (let row = 0; row < rowCount; row += 1) {
    const own = result.subarray(row * width, (row + 1) * width);
    const length = Math.hypot(...own);
    if (length > 0) for (let column = 0; column < width; column += 1) own[column] /= length;
  }
  return result;
}

/** False for a row of zeros. */
export function hasDirection(rows: Float64Array, row: number, width: number): boolean {
  return rows.subarray(row * width, (row + 1) * width).some((value) => value !== 0);
}

/** a · b of two rows. */
export function rowProduct(
  a: Float64Array,
  rowOfA: number,
  b: Float64Array,
  rowOfB: number,
  width: number,
): number {
  let sum = 0;
  for (let column = 0; column < width; column += 1)
    sum += a[rowOfA * width + column] * b[rowOfB * width + column];
  return sum;
}
