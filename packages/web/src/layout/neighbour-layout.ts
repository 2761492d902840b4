import { type DenseMatrix, RandomGenerator } from "@dmrec/core";
import { nearestNeighbours } from "./nearest-neighbours";

/** Neighbours that a point is drawn to. */
const neighbourCount = 12;
/** Points that push a point away, for each neighbour that draws it. */
const repulsions = 4;
/** The most that a point moves along an axis in one step. */
const longestMove = 4;
/** Points nearer than this (squared) do not draw each other, so that none hide behind others. */
const near = 0.5;

/**
 * Moves points of a plane until neighbours among the vectors are neighbours on the plane: each point is drawn to its nearest
 * neighbours and pushed away by random others, with the gradients of LargeVis (Tang et al. 2016, eq. 6) for the kernel
 * 1 / (1 + d²). The same vectors and places give the same layout.
 *
 * @param vectors `[points, width]`
 * @param places `[points, 2]` to begin with, of a spread of about 10. They are not changed.
 * @returns `[points, 2]`
 */
export function neighbourLayout(vectors: DenseMatrix, places: Float32Array, rounds: number): Float32Array {
  const { rowCount } = vectors;
  // In double precision, because each single number would be converted to it, and back, at every step.
  const layout = Float64Array.from(places);
  if (rowCount < 3) return Float32Array.from(layout);
  const neighbours = nearestNeighbours(vectors, neighbourCount);
  const size = neighbours.length / rowCount;
  const strangers = randomPoints(rowCount);
  let next = 0;
  for (let round = 0; round < rounds; round += 1) {
    const rate = 0.5 * (1 - round / rounds);
    for (let point = 0; point < rowCount; point += 1) {
      for (let nth = 0; nth < size; nth += 1) {
        attract(layout, point, neighbours[point * size + nth], rate);
        for (let push = 0; push < repulsions; push += 1) {
          repel(layout, point, strangers[next], rate);
          next += 1;
          if (next === strangers.length) next = 0;
        }
      }
    }
  }
  return Float32Array.from(layout);
}

/** Points in random order, drawn once: of a prime number, so that they meet the points in another order each time. */
function randomPoints(count: number): Int32Array {
  const random = RandomGenerator.fromSeed(1);
  return Int32Array.from({ length: 65_537 }, () => random.integer(count));
}

/** Moves two neighbours towards each other. */
function attract(layout: Float64Array, point: number, other: number, rate: number): void {
  const [at, from] = [2 * point, 2 * other];
  const x = layout[at] - layout[from];
  const y = layout[at + 1] - layout[from + 1];
  const square = x * x + y * y;
  if (square < near) return;
  const factor = -2 / (1 + square);
  const right = rate * bounded(factor * x);
  const down = rate * bounded(factor * y);
  layout[at] += right;
  layout[at + 1] += down;
  layout[from] -= right;
  layout[from + 1] -= down;
}

/** Moves a point away from a stranger, which stays. */
function repel(layout: Float64Array, point: number, other: number, rate: number): void {
  const [at, from] = [2 * point, 2 * other];
  const x = layout[at] - layout[from];
  const y = layout[at + 1] - layout[from + 1];
  const square = x * x + y * y;
  const factor = 2 / ((0.05 + square) * (1 + square));
  layout[at] += rate * bounded(factor * x);
  layout[at + 1] += rate * bounded(factor * y);
}

function bounded(value: number): number {
  return Math.max(-longestMove, Math.min(longestMove, value));
}
