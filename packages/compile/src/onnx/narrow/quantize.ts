/** A matrix in 8 bits: each number is an integer of −127 to 127 times the scale of its row or its column. */
export interface QuantizedMatrix {
  readonly values: Int8Array;
  /** `[rows]` or `[columns]` */
  readonly scales: Float32Array;
}

/** The greatest size of a quantized number. −128 is left out, so that a sign never changes the size. */
const greatest = 127;

/**
 * Quantizes a matrix so that the greatest number of each row (axis 0) or each column (axis 1) is 127 times its scale.
 *
 * @param values `[rows, columns]`, finite
 */
export function quantizeMatrix(
  values: Float32Array,
  [rows, columns]: readonly [number, number],
  axis: 0 | 1,
): QuantizedMatrix {
  const sizes = new Float32Array(axis === 0 ? rows : columns);
  const scaleOf = (row: number, column: number) => (axis === 0 ? row : column);
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1) {
      const scale = scaleOf(row, column);
      sizes[scale] = Math.max(sizes[scale], Math.abs(values[at]));
    }
  // Zeros have any scale; a number too small for a normal scale is 0.
  const scales = sizes.map((size) => Math.max(size / greatest, 2 ** -126));
  const quantized = new Int8Array(values.length);
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1)
      quantized[at] = Math.round(values[at] / scales[scaleOf(row, column)]);
  return { values: quantized, scales };
}
