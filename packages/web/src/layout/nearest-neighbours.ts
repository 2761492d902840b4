import type { DenseMatrix } from "@dmrec/core";

/** The neighbours of each point by squared distance, the nearest first, `[points, count]`. The point itself is left out. */
export function nearestNeighbours({ rowCount, columnCount, values }: DenseMatrix, count: number): Int32Array {
  const size = Math.min(count, rowCount - 1);
  const neighbours = new Int32Array(rowCount * size);
  const distances = new Float32Array(size);
  for (let row = 0; row < rowCount; row += 1) {
    const nearest = neighbours.subarray(row * size, (row + 1) * size);
    distances.fill(Number.POSITIVE_INFINITY);
    const start = row * columnCount;
    for (let other = 0; other < rowCount; other += 1) {
      if (other === row) continue;
      const limit = distances[size - 1];
      let distance = 0;
      for (let column = 0, at = other * columnCount; column < columnCount; column += 1) {
        const difference = values[start + column] - values[at + column];
        distance += difference * difference;
      }
      if (distance < limit) insert(distances, nearest, distance, other);
    }
  }
  return neighbours;
}

/** Puts a neighbour in its place among those that are sorted by distance. The last one falls out. */
function insert(distances: Float32Array, nearest: Int32Array, distance: number, neighbour: number): void {
  let place = distances.length - 1;
  for (; place > 0 && distances[place - 1] > distance; place -= 1) {
    distances[place] = distances[place - 1];
    nearest[place] = nearest[place - 1];
  }
  distances[place] = distance;
  nearest[place] = neighbour;
}
