import {
  assertFiniteMatrix,
  type DenseMatrix,
  InvalidDataError,
  invalidOption,
  parseOptions,
  RandomGenerator,
} from "@dmrec/core";
import { z } from "zod";
import { symmetricEigen } from "./symmetric-eigen";
import { innerProducts } from "./tall-matrix";
import { truncatedSvd } from "./truncated-svd";

export interface PrincipalComponentsOptions {
  /** The number of components to keep, at most the number of columns. */
  readonly count: number;
  /** Scales every component to the variance 1. @default false */
  readonly whiten?: boolean;
}

const optionsSchema = z.strictObject({ count: z.int().positive(), whiten: z.boolean().default(false) });

/** The most columns of which all eigenvectors are computed, even if few are needed. */
const widestExact = 256;

/** Variances below this fraction of the greatest are rounding errors, which whitening must not blow up. */
const negligible = 1e-10;

/**
 * The principal components of points, `[points, count]`: the centred points in the directions of their greatest variances,
 * the greatest first. The covariance is divided by n − 1; the sign of each column is arbitrary.
 *
 * Columns beyond the rank of the points are 0. Few components of more than 256 columns are found by iteration, which mixes
 * directions of nearly equal variances.
 *
 * @param points `[points, columns]`
 * @throws InvalidOptionsError, also for more components than columns.
 * @throws InvalidDataError for fewer than two points, or points that are not finite.
 * @example
 * const whitened = principalComponents(profileEmbeddings.items, { count: 32, whiten: true });
 */
export function principalComponents(points: DenseMatrix, options: PrincipalComponentsOptions): DenseMatrix {
  const { count, whiten } = parseOptions("principalComponents", optionsSchema, options);
  const { rowCount, columnCount } = points;
  assertFiniteMatrix(points, "the points of principalComponents", "point");
  if (rowCount < 2)
    throw new InvalidDataError({
      source: "the points of principalComponents",
      actual: `${rowCount} points`,
      expected: "at least two",
    });
  if (count > columnCount)
    throw invalidOption(
      "principalComponents.count",
      `${count} components; expected at most ${columnCount}, the columns of the points`,
    );
  const centred = centre(points);
  const { variances, directions } =
    columnCount > widestExact && 4 * count <= columnCount
      ? iteratedDirections(centred, points, count)
      : exactDirections(centred, points, count);
  const result = new Float32Array(rowCount * count);
  for (let component = 0; component < variances.length; component += 1) {
    const variance = variances[component];
    const isEmpty = !(variance > negligible * variances[0]);
    const scale = isEmpty ? 0 : whiten ? 1 / Math.sqrt(variance) : 1;
    for (let row = 0; row < rowCount; row += 1) {
      let sum = 0;
      for (let column = 0; column < columnCount; column += 1)
        sum += centred[row * columnCount + column] * directions[column * variances.length + component];
      result[row * count + component] = scale * sum;
    }
  }
  return { rowCount, columnCount: count, values: result };
}

/** The greatest variances, and their directions as columns, `[columns, variances]`. */
interface Directions {
  readonly variances: ArrayLike<number>;
  readonly directions: ArrayLike<number>;
}

/** The eigenvectors of the covariance. The time grows with the cube of the columns. */
function exactDirections(centred: Float64Array, points: DenseMatrix, count: number): Directions {
  const { columnCount } = points;
  const { values, vectors } = symmetricEigen(covariance(centred, points), columnCount);
  return {
    variances: values.subarray(0, count),
    directions: vectors.filter((_, position) => position % columnCount < count),
  };
}

/** The singular vectors of the centred points, by iteration of as few directions as are needed. */
function iteratedDirections(
  centred: Float64Array,
  { rowCount, columnCount }: DenseMatrix,
  count: number,
): Directions {
  const { singularValues, rightVectors } = truncatedSvd(
    {
      rowCount,
      columnCount,
      offsets: Int32Array.from({ length: rowCount + 1 }, (_, row) => row * columnCount),
      columns: Int32Array.from(centred, (_, entry) => entry % columnCount),
      values: Float32Array.from(centred),
    },
    { rank: count, random: RandomGenerator.fromSeed(1), iterations: 12, oversampling: count },
  );
  return {
    variances: singularValues.map((value) => value ** 2 / (rowCount - 1)),
    directions: rightVectors.values,
  };
}

/** The points minus their mean. */
function centre({ rowCount, columnCount, values }: DenseMatrix): Float64Array {
  const centred = new Float64Array(values);
  for (let column = 0; column < columnCount; column += 1) {
    let mean = 0;
    for (let at = column; at < centred.length; at += columnCount) mean += centred[at] / rowCount;
    for (let at = column; at < centred.length; at += columnCount) centred[at] -= mean;
  }
  return centred;
}

function covariance(centred: Float64Array, { rowCount, columnCount }: DenseMatrix): Float64Array {
  const points = { rowCount, width: columnCount, values: centred };
  return innerProducts(points, points).map((sum) => sum / (rowCount - 1));
}
