import type { RandomGenerator } from "@dmrec/core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type SparseRows, transposed } from "./sparse-rows";
import { innerProducts, type TallMatrix, timesSmall, timesTall } from "./tall-matrix";

/** Directions beyond the wanted ones, which make those exact (Halko et al. 2011, section 4.2). */
const oversampling = 16;
/** Eigenvalues below this share of the greatest are rounding. */
const negligible = 1e-11;

export interface TruncatedSvd {
  /** The singular values, greatest first; fewer than asked for where the matrix has a smaller rank. */
  readonly singularValues: Float64Array;
  /** The right singular vectors as columns, `[columns of the matrix, singular values]`. */
  readonly rightVectors: TallMatrix;
}

/**
 * The greatest singular values of a sparse matrix with their right singular vectors, by subspace iteration from random
 * directions (Halko, Martinsson and Tropp 2011, algorithm 4.4), on the side of the columns alone.
 */
export function truncatedSvd(
  matrix: SparseRows,
  {
    rank,
    iterations,
    random,
  }: { readonly rank: number; readonly iterations: number; readonly random: RandomGenerator },
): TruncatedSvd {
  const { rowCount, columnCount } = matrix;
  const width = Math.min(rank + oversampling, rowCount, columnCount);
  const transpose = transposed(matrix);
  const timesGram = (x: TallMatrix) => timesTall(transpose, timesTall(matrix, x));
  const directions = random.fillNormal(new Float32Array(columnCount * width));
  let basis: TallMatrix = { rowCount: columnCount, width, values: directions };
  for (let iteration = 0; iteration < iterations; iteration += 1) basis = orthonormal(timesGram(basis));
  // Once more for accuracy: of a matrix of low rank the columns were nearly dependent.
  basis = orthonormal(basis);
  // Within the subspace the problem is small: the eigenvectors of QᵀAᵀA Q.
  const { values, vectors } = eigen(innerProducts(basis, timesGram(basis)), basis.width);
  const kept = values.subarray(0, rank).filter((value) => value > negligible * values[0]);
  const rotation = columnsOf(vectors, basis.width, kept.length);
  return { singularValues: kept.map(Math.sqrt), rightVectors: timesSmall(basis, rotation, kept.length) };
}

/** An orthonormal basis of what the columns span, by the eigenvectors of their inner products. */
function orthonormal(matrix: TallMatrix): TallMatrix {
  const { values, vectors } = eigen(innerProducts(matrix, matrix), matrix.width);
  const kept = values.filter((value) => value > negligible * values[0]).length;
  const factor = columnsOf(vectors, matrix.width, kept).map(
    (value, position) => value / Math.sqrt(values[position % kept]),
  );
  return timesSmall(matrix, factor, kept);
}

/** Eigenvalues of a symmetric matrix, greatest first, with their vectors as columns. */
function eigen(
  symmetric: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
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

/** The first columns of a square matrix. */
function columnsOf(square: Float64Array, size: number, count: number): Float64Array {
  return Float64Array.from(
    { length: size * count },
    (_, position) => square[Math.floor(position / count) * size + (position % count)],
  );
}
