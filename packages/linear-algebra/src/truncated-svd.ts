import type { InteractionMatrix, RandomGenerator } from "@dmrec/core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

export interface TruncatedSvdOptions {
  /** Singular values to find; fewer are found where the matrix has fewer. */
  readonly rank: number;
  readonly random: RandomGenerator;
  /** Directions that are looked at beyond the rank, for precision. */
  readonly oversampling?: number;
  /** Passes over the matrix. */
  readonly iterations?: number;
}

export interface TruncatedSvd {
  /** Descending, `[rank]`. */
  readonly singularValues: Float64Array;
  /** The right singular vectors, `[items, rank]`, row after row. */
  readonly rightVectors: Float64Array;
}

/** Parts of the largest eigenvalue below which one is rounding. */
const smallestEigenvalue = 1e-12;

/**
 * The largest singular values of a sparse matrix and their right vectors, by subspace iteration from random directions
 * (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.3). The matrix is never built densely.
 */
export function truncatedSvd(matrix: InteractionMatrix, options: TruncatedSvdOptions): TruncatedSvd {
  const { rank, random, oversampling = 10, iterations = 6 } = options;
  const { itemCount, userCount } = matrix;
  const width = Math.min(rank + oversampling, itemCount, userCount);
  const draws = Float64Array.from({ length: itemCount * width }, () => random.normal());
  let basis = orthonormal({ rows: itemCount, columns: width, values: draws });
  for (let pass = 0; pass < iterations; pass += 1) {
    basis = orthonormal(transposedProduct(matrix, product(matrix, basis)));
  }
  // Once more: the first time leaves the rounding of a badly conditioned product.
  basis = orthonormal(basis);
  // The eigenvectors of QᵀRᵀRQ turn the basis Q towards the singular vectors.
  const { values, vectors } = symmetricEigen(gram(product(matrix, basis)));
  const count = Math.min(rank, values.filter((value) => value > smallestEigenvalue * values[0]).length);
  const rotated = multiply(basis, vectors, count);
  return {
    singularValues: Float64Array.from(values.slice(0, count), Math.sqrt),
    rightVectors: rotated.values,
  };
}

/** A dense matrix in double precision, row after row. */
interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

function zeros(rows: number, columns: number): Dense {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** R B, `[users, columns]` */
function product({ userCount, offsets, items, weights }: InteractionMatrix, basis: Dense): Dense {
  const result = zeros(userCount, basis.columns);
  forEachEdge({ userCount, offsets }, (user, edge) =>
    addRow(result, user, basis, items[edge], weights[edge]),
  );
  return result;
}

/** Rᵀ B, `[items, columns]` */
function transposedProduct(matrix: InteractionMatrix, basis: Dense): Dense {
  const { userCount, itemCount, offsets, items, weights } = matrix;
  const result = zeros(itemCount, basis.columns);
  forEachEdge({ userCount, offsets }, (user, edge) =>
    addRow(result, items[edge], basis, user, weights[edge]),
  );
  return result;
}

function forEachEdge(
  { userCount, offsets }: Pick<InteractionMatrix, "userCount" | "offsets">,
  visit: (user: number, edge: number) => void,
): void {
  for (let user = 0; user < userCount; user += 1)
    for (let edge = offsets[user]; edge < offsets[user + 1]; edge += 1) visit(user, edge);
}

function addRow(to: Dense, toRow: number, from: Dense, fromRow: number, weight: number): void {
  const { columns } = to;
  for (let column = 0; column < columns; column += 1)
    to.values[toRow * columns + column] += weight * from.values[fromRow * columns + column];
}

/** An orthonormal basis of a matrix's columns: A W Λ^{-1/2} with AᵀA = W Λ Wᵀ. */
function orthonormal(matrix: Dense): Dense {
  const { values, vectors } = symmetricEigen(gram(matrix));
  const count = Math.max(1, values.filter((value) => value > smallestEigenvalue * values[0]).length);
  const result = multiply(matrix, vectors, count);
  const scales = values.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  const scaled = result.values.map((value, entry) => value * scales[entry % count]);
  return { ...result, values: scaled };
}

/** AᵀA */
function gram({ rows, columns, values }: Dense): Dense {
  const result = zeros(columns, columns);
  for (let row = 0; row < rows; row += 1)
    for (let left = 0; left < columns; left += 1) {
      const factor = values[row * columns + left];
      for (let right = left; right < columns; right += 1)
        result.values[left * columns + right] += factor * values[row * columns + right];
    }
  for (let left = 0; left < columns; left += 1)
    for (let right = 0; right < left; right += 1)
      result.values[left * columns + right] = result.values[right * columns + left];
  return result;
}

/** A B of the first columns of B. */
function multiply(a: Dense, b: Dense, columns: number): Dense {
  const result = zeros(a.rows, columns);
  for (let row = 0; row < a.rows; row += 1)
    for (let inner = 0; inner < a.columns; inner += 1) {
      const factor = a.values[row * a.columns + inner];
      for (let column = 0; column < columns; column += 1)
        result.values[row * columns + column] += factor * b.values[inner * b.columns + column];
    }
  return result;
}

/** The eigenvalues of a symmetric matrix, descending, and its eigenvectors as columns. */
function symmetricEigen({ columns, values }: Dense): { readonly values: number[]; readonly vectors: Dense } {
  const rows = Array.from({ length: columns }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, index) => index)
    .sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const vectors = zeros(columns, columns);
  for (let row = 0; row < columns; row += 1)
    order.forEach((from, to) => {
      vectors.values[row * columns + to] = eigenvectorMatrix.get(row, from);
    });
  return { values: order.map((index) => realEigenvalues[index]), vectors };
}
