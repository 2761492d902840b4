import {
  assertFiniteMatrix,
  type DenseMatrix,
  invalidOption,
  parseOptions,
  type RandomGenerator,
} from "@dmrec/core";
import { z } from "zod";
import { randomSchema } from "./random-schema";

export interface KMeansOptions {
  /** The number of clusters, at most that of the points. */
  readonly clusters: number;
  /** The source of the seeds. */
  readonly random: RandomGenerator;
  /** Runs from new seeds. The best clustering is returned. @default 5 */
  readonly restarts?: number;
  /** The most passes over the points in each run. @default 100 */
  readonly iterations?: number;
}

const optionsSchema = z.strictObject({
  clusters: z.int().positive(),
  random: randomSchema,
  restarts: z.int().positive().default(5),
  iterations: z.int().positive().default(100),
});

/** Points in clusters, none of them empty. */
export interface Clustering {
  /** `[points]` */
  readonly clusterOfPoint: Int32Array;
  /** The sum of the squared distances of the points to the means of their clusters. */
  readonly inertia: number;
}

/**
 * Lloyd's algorithm from seeds of k-means++ (Arthur and Vassilvitskii 2007), the best of some runs.
 *
 * @param points `[points, columns]`
 * @throws InvalidOptionsError, also for more clusters than points.
 * @throws InvalidDataError if a point is not finite.
 * @example
 * const { clusterOfPoint } = kMeans(embeddings, { clusters: 5, random: RandomGenerator.fromSeed(1) });
 */
export function kMeans(points: DenseMatrix, options: KMeansOptions): Clustering {
  const settings = parseOptions("kMeans", optionsSchema, options);
  const { clusters, random, restarts, iterations } = settings;
  assertFiniteMatrix(points, "the points of kMeans", "point");
  if (clusters > points.rowCount)
    throw invalidOption(
      "kMeans.clusters",
      `${clusters}; expected at most ${points.rowCount}, the number of points`,
    );
  const runs = Array.from({ length: restarts }, () => {
    const means = seeds(points, clusters, random);
    return lloyd(points, means, clusters, iterations);
  });
  return runs.reduce((best, run) => (run.inertia < best.inertia ? run : best));
}

/** Points drawn one by one, in proportion to their squared distance to the nearest one before; `[clusters, columns]`. */
function seeds(points: DenseMatrix, clusters: number, random: RandomGenerator): Float64Array {
  const { rowCount, columnCount, values } = points;
  const means = new Float64Array(clusters * columnCount);
  const nearest = new Float64Array(rowCount).fill(Number.POSITIVE_INFINITY);
  let drawn = random.integer(rowCount);
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    means.set(values.subarray(drawn * columnCount, (drawn + 1) * columnCount), cluster * columnCount);
    let total = 0;
    for (let point = 0; point < rowCount; point += 1) {
      nearest[point] = Math.min(nearest[point], squaredDistance(points, point, means, cluster));
      total += nearest[point];
    }
    let rest = random.uniform() * total;
    drawn = nearest.findIndex((distance) => {
      rest -= distance;
      return rest < 0;
    });
    // Every point is a seed already: any point will do.
    if (drawn < 0) drawn = random.integer(rowCount);
  }
  return means;
}

function lloyd(points: DenseMatrix, means: Float64Array, clusters: number, iterations: number): Clustering {
  const clusterOfPoint = new Int32Array(points.rowCount).fill(-1);
  const distances = new Float64Array(points.rowCount);
  for (let pass = 0; pass < iterations; pass += 1) {
    const changed = assign(points, means, clusterOfPoint, distances, clusters);
    fillEmpty(clusterOfPoint, distances, clusters);
    moveMeans(points, means, clusterOfPoint, clusters);
    if (!changed) break;
  }
  const inertia = clusterOfPoint.reduce(
    (sum, cluster, point) => sum + squaredDistance(points, point, means, cluster),
    0,
  );
  return { clusterOfPoint, inertia };
}

/** Moves every point to its nearest mean. Returns true if one has moved. */
function assign(
  points: DenseMatrix,
  means: Float64Array,
  clusterOfPoint: Int32Array,
  distances: Float64Array,
  clusters: number,
): boolean {
  let changed = false;
  for (let point = 0; point < points.rowCount; point += 1) {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      const distance = squaredDistance(points, point, means, cluster);
      if (distance < least) [best, least] = [cluster, distance];
    }
    changed ||= clusterOfPoint[point] !== best;
    clusterOfPoint[point] = best;
    distances[point] = least;
  }
  return changed;
}

/** Gives an empty cluster the point that lies farthest from its own mean. */
function fillEmpty(clusterOfPoint: Int32Array, distances: Float64Array, clusters: number): void {
  const sizes = new Int32Array(clusters);
  for (const cluster of clusterOfPoint) sizes[cluster] += 1;
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    if (sizes[cluster] > 0) continue;
    let farthest = -1;
    distances.forEach((distance, point) => {
      if (sizes[clusterOfPoint[point]] > 1 && (farthest < 0 || distance > distances[farthest]))
        farthest = point;
    });
    sizes[clusterOfPoint[farthest]] -= 1;
    sizes[cluster] = 1;
    clusterOfPoint[farthest] = cluster;
    distances[farthest] = 0;
  }
}

function moveMeans(
  { columnCount, values }: DenseMatrix,
  means: Float64Array,
  clusterOfPoint: Int32Array,
  clusters: number,
): void {
  const sizes = new Int32Array(clusters);
  means.fill(0);
  clusterOfPoint.forEach((cluster, point) => {
    sizes[cluster] += 1;
    for (let column = 0; column < columnCount; column += 1)
      means[cluster * columnCount + column] += values[point * columnCount + column];
  });
  for (let entry = 0; entry < means.length; entry += 1)
    means[entry] /= sizes[Math.floor(entry / columnCount)];
}

function squaredDistance(
  { columnCount, values }: DenseMatrix,
  point: number,
  means: Float64Array,
  cluster: number,
): number {
  let sum = 0;
  for (let column = 0; column < columnCount; column += 1) {
    const difference = values[point * columnCount + column] - means[cluster * columnCount + column];
    sum += difference * difference;
  }
  return sum;
}
