/** A dense matrix of `[rowCount, columnCount]`, row after row. */
export interface DenseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly values: Float32Array;
}
