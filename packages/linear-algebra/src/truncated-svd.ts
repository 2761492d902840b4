import { InvalidDataError, parseOptions, type RandomGenerator } from "@dmrec/core";
import { z } from "zod";
import { randomSchema } from "./random-schema";
import { type SparseRows, transposed } from "./sparse-rows";
import { symmetricEigen } from "./symmetric-eigen";
import { innerProducts, type TallMatrix, timesSmall, timesTall } from "./tall-matrix";

/** Squares of singular values below this fraction of the greatest are rounding errors. */
const negligible = 1e-11;

export interface TruncatedSvdOptions {
  /** The number of singular values to find. There are fewer if the matrix has a smaller rank. */
  readonly rank: number;
  /** The source of the first directions. */
  readonly random: RandomGenerator;
  /** Iterations of the subspace. More are more exact and take longer. @default 6 */
  readonly iterations?: number;
  /** Further directions to iterate, which make the first ones more exact (Halko et al. 2011, section 4.2). @default 10 */
  readonly oversampling?: number;
  /** Rotates the vectors to the singular vectors within their subspace, at the cost of another pass. @default true */
  readonly refine?: boolean;
  /** The precision of the vectors. Single precision takes half the memory. @default "double" */
  readonly precision?: "single" | "double";
}

const optionsSchema = z.strictObject({
  rank: z.int().positive(),
  random: randomSchema,
  iterations: z.int().positive().default(6),
  oversampling: z.int().nonnegative().default(10),
  refine: z.boolean().default(true),
  precision: z.enum(["single", "double"]).default("double"),
});

export interface TruncatedSvd {
  /** The singular values, greatest first; fewer than asked for if the matrix has a smaller rank. */
  readonly singularValues: Float64Array;
  /** The right singular vectors as columns, `[columns of the matrix, singular values]`. */
  readonly rightVectors: TallMatrix;
}

/**
 * The greatest singular values of a sparse matrix with their right singular vectors, by subspace iteration from random
 * directions (Halko, Martinsson and Tropp 2011, algorithm 4.4). The matrix is never built densely.
 *
 * Singular values below about 1e-5 of the greatest count as rounding errors and may be left out.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError if a value of the matrix is NaN or infinite.
 * @example
 * const { singularValues, rightVectors } = truncatedSvd(rows, { rank: 64, random: RandomGenerator.fromSeed(1) });
 */
export function truncatedSvd(matrix: SparseRows, options: TruncatedSvdOptions): TruncatedSvd {
  const settings = parseOptions("truncatedSvd", optionsSchema, options);
  const { rank, random, iterations, oversampling, refine, precision } = settings;
  assertFiniteValues(matrix);
  const { rowCount, columnCount } = matrix;
  const width = Math.min(rank + oversampling, rowCount, columnCount);
  const transpose = transposed(matrix);
  // A subspace of all directions needs no iterations, only a basis without the rounding errors of the random one.
  const isWhole = width === Math.min(rowCount, columnCount);
  const rounds = isWhole ? Math.min(iterations, 2) : iterations;
  const size = columnCount * width;
  const values =
    precision === "single"
      ? random.fillNormal(new Float32Array(size))
      : Float64Array.from({ length: size }, () => random.normal());
  let basis: TallMatrix = { rowCount: columnCount, width, values };
  // A basis after each of both products: the squares of AᵀA would hide small singular values behind rounding errors.
  const timesGram = () => timesTall(transpose, principal(timesTall(matrix, basis)).vectors);
  for (let iteration = 1; iteration < rounds; iteration += 1) basis = principal(timesGram()).vectors;
  if (refine) return rotated(matrix, principal(principal(timesGram()).vectors).vectors, rank);
  // Aᵀ U for a basis U of the rows has nearly the singular values of A.
  const last = principal(timesGram(), rank);
  return { singularValues: last.values, rightVectors: last.vectors };
}

function assertFiniteValues({ values, columns }: SparseRows): void {
  const entry = values.findIndex((value) => !Number.isFinite(value));
  if (entry < 0) return;
  throw new InvalidDataError({
    source: "the matrix of truncatedSvd",
    location: `entry ${entry}, column ${columns[entry]}`,
    actual: String(values[entry]),
    expected: "a finite number",
  });
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
