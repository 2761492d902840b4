import type { DenseMatrix } from "./dense-matrix";

/**
 * Multiplies a matrix by the transpose of another one: A of `[rows, inner]` and B of `[columns, inner]` give A Bᵀ of
 * `[rows, columns]`. It works in single precision.
 */
export type MatrixProduct = (a: DenseMatrix, b: DenseMatrix) => Promise<DenseMatrix>;
