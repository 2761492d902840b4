import { type DenseMatrix, RandomGenerator } from "@dmrec/core";
import { NeighbourLists } from "./neighbour-lists";
import { forEachLeaf } from "./random-splits";

/** Trees of random splits. Each finds some neighbours that the others cut off. */
const trees = 8;
/** Points of a leaf. All pairs of a leaf are compared, so fewer points than these get their exact neighbours. */
const leafSize = 48;
/** Rounds in which the neighbours of neighbours are compared. */
const rounds = 3;

/**
 * The neighbours of each point by squared distance, the nearest first, `[points, count]`. The point itself is left out.
 *
 * Not all pairs are compared: points that random planes leave on the same side are, and then the neighbours of neighbours (Dong
 * et al. 2011). The time grows little faster than the number of points, and few of the nearest are missed.
 */
export function nearestNeighbours(points: DenseMatrix, count: number): Int32Array {
  const { rowCount } = points;
  const random = RandomGenerator.fromSeed(1);
  const lists = new NeighbourLists(points, Math.min(count, rowCount - 1));
  for (let tree = 0; tree < trees; tree += 1) {
    forEachLeaf(points, { leafSize, random }, (leaf) => {
      for (let nth = 1; nth < leaf.length; nth += 1)
        for (let other = 0; other < nth; other += 1) lists.compare(leaf[nth], leaf[other]);
    });
    if (rowCount <= leafSize) break;
  }
  for (let round = 0; round < rounds; round += 1) compareNeighbours(lists, rowCount);
  return lists.neighbours;
}

/** Compares each point with the neighbours of its neighbours. */
function compareNeighbours(lists: NeighbourLists, rowCount: number): void {
  const { size } = lists;
  const before = lists.neighbours.slice();
  for (let point = 0; point < rowCount; point += 1)
    for (let nth = 0; nth < size; nth += 1) {
      const start = before[point * size + nth] * size;
      for (let next = start; next < start + size; next += 1)
        if (before[next] !== point) lists.compare(point, before[next]);
    }
}
