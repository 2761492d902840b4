import type { DenseMatrix } from "./contracts/dense-matrix";
import { InvalidDataError } from "./errors/invalid-data-error";

/**
 * Asserts that a matrix is one, has all its values, and that they are finite.
 *
 * @param source Whose matrix it is: a file, an option.
 * @param row What a row of it is, such as `item`.
 * @throws InvalidDataError naming the row and column of the first value that is NaN or infinite.
 */
export function assertFiniteMatrix(matrix: DenseMatrix, source: string, row = "row"): void {
  if (!(matrix?.values instanceof Float32Array))
    throw new InvalidDataError({
      source,
      actual: "no matrix",
      expected: "{ rowCount, columnCount, values }, the values a Float32Array, row after row",
    });
  const { rowCount, columnCount, values } = matrix;
  if (values.length !== rowCount * columnCount)
    throw new InvalidDataError({
      source,
      actual: `${values.length} values`,
      expected: `${rowCount} × ${columnCount}, rows times columns`,
    });
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  throw new InvalidDataError({
    source,
    location: `${row} ${Math.floor(position / columnCount)}, column ${position % columnCount}`,
    actual: String(values[position]),
    expected: "a finite number",
  });
}
