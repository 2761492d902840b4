import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Eigenvalues of a symmetric matrix, greatest first, with their vectors as columns, `[size, size]` row after row. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** @param symmetric `[size, size]`, row after row. */
export function symmetricEigen(symmetric: Float64Array, size: number): SymmetricEigen {
  const rows = Array.from({ length: size }, (_, row) => symmetric.subarray(row * size, (row + 1) * size));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    values: Float64Array.from(order, (index) => realEigenvalues[index]),
    vectors: Float64Array.from({ length: size * size }, (_, position) =>
      eigenvectorMatrix.get(Math.floor(position / size), order[position % size]),
    ),
  };
}
