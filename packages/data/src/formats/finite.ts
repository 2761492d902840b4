import { type DenseMatrix, InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError naming the row and column of the first value that is NaN or infinite. */
export function assertFinite({ values, columnCount }: DenseMatrix, source: string): void {
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  const [row, column] = [Math.floor(position / columnCount), position % columnCount];
  throw new InvalidDataError({
    source,
    location: `row ${row}, column ${column}`,
    actual: String(values[position]),
    expected: "a finite number",
  });
}
