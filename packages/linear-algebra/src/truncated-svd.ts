import type { RandomGenerator } from "@dmrec/core";
import { type SparseRows, transposed } from "./sparse-rows";
import { symmetricEigen } from "./symmetric-eigen";
import { innerProducts, type TallMatrix, timesSmall, timesTall } from "./tall-matrix";

/** Eigenvalues below this fraction of the greatest are rounding errors. */
const negligible = 1e-11;

export interface TruncatedSvdOptions {
  /** Singular values to find; fewer are found if the matrix has a smaller rank. */
  readonly rank: number;
  readonly random: RandomGenerator;
  /** Iterations of the subspace; more are more exact and take longer. @default 6 */
  readonly iterations?: number;
  /** Directions beyond the rank, which make those of the rank more exact (Halko et al. 2011, section 4.2). @default 10 */
  readonly oversampling?: number;
  /** Rotates the vectors to the singular vectors of the matrix within their subspace, at the cost of a pass. @default true */
  readonly refine?: boolean;
  /** The precision of the vectors. Single precision takes half the memory. @default "double" */
  readonly precision?: "single" | "double";
}

export interface TruncatedSvd {
  /** The singular values, greatest first; fewer than asked for if the matrix has a smaller rank. */
  readonly singularValues: Float64Array;
  /** The right singular vectors as columns, `[columns of the matrix, singular values]`. */
  readonly rightVectors: TallMatrix;
}

/**
 * The greatest singular values of a sparse matrix with their right singular vectors, by subspace iteration from random
 * directions (Halko, Martinsson and Tropp 2011, algorithm 4.4), on the side of the columns only. The matrix is never built
 * densely.
 *
 * @example
 * const { singularValues, rightVectors } = truncatedSvd(rows, { rank: 64, random: RandomGenerator.fromSeed(1) });
 */
export function truncatedSvd(matrix: SparseRows, options: TruncatedSvdOptions): TruncatedSvd {
  const { rank, random, iterations = 6, oversampling = 10, refine = true, precision = "double" } = options;
  const { rowCount, columnCount } = matrix;
  const width = Math.min(rank + oversampling, rowCount, columnCount);
  const transpose = transposed(matrix);
  const timesGram = (x: TallMatrix) => timesTall(transpose, timesTall(matrix, x));
  const size = columnCount * width;
  const values =
    precision === "single"
      ? random.fillNormal(new Float32Array(size))
      : Float64Array.from({ length: size }, () => random.normal());
  let basis: TallMatrix = { rowCount: columnCount, width, values };
  for (let iteration = 1; iteration < iterations; iteration += 1) basis = principal(timesGram(basis)).vectors;
  if (refine) return rotated(matrix, principal(principal(timesGram(basis)).vectors).vectors, rank);
  // The singular vectors of AᵀA Q for a basis Q are near those of A; its singular values are their squares.
  const last = principal(timesGram(basis), rank);
  return { singularValues: last.values.map(Math.sqrt), rightVectors: last.vectors };
}

/** The singular values and vectors of A within the subspace of a basis Q: the eigenvectors of QᵀAᵀA Q turn Q to them. */
function rotated(matrix: SparseRows, basis: TallMatrix, rank: number): TruncatedSvd {
  if (basis.width === 0) return { singularValues: new Float64Array(0), rightVectors: basis };
  const image = timesTall(matrix, basis);
  const { values, vectors } = symmetricEigen(innerProducts(image, image), basis.width);
  const kept = values.subarray(0, rank).filter((value) => value > negligible * values[0]);
  const rightVectors = timesSmall(basis, columnsOf(vectors, basis.width, kept.length), kept.length);
  return { singularValues: kept.map(Math.sqrt), rightVectors };
}

/** The left singular vectors of a tall matrix with their singular values, greatest first: an orthonormal basis. */
function principal(
  matrix: TallMatrix,
  count = matrix.width,
): { readonly vectors: TallMatrix; readonly values: Float64Array } {
  if (matrix.width === 0) return { vectors: matrix, values: new Float64Array(0) };
  const { values, vectors } = symmetricEigen(innerProducts(matrix, matrix), matrix.width);
  const kept = values.subarray(0, count).filter((value) => value > negligible * values[0]);
  const factor = columnsOf(vectors, matrix.width, kept.length).map(
    (value, position) => value / Math.sqrt(kept[position % kept.length]),
  );
  const basis = timesSmall(matrix, factor, kept.length);
  // Nearly dependent columns leave rounding errors in the basis, which a second pass removes.
  const isExact = kept.length === Math.min(count, matrix.width);
  return { vectors: isExact ? basis : principal(basis).vectors, values: kept.map(Math.sqrt) };
}

/** The first columns of a square matrix. */
function columnsOf(square: Float64Array, size: number, count: number): Float64Array {
  return Float64Array.from(
    { length: size * count },
    (_, position) => square[Math.floor(position / count) * size + (position % count)],
  );
}
