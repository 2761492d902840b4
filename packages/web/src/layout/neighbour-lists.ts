import type { DenseMatrix } from "@dmrec/core";

/** The nearest points to each point, of those that it was compared with. */
export class NeighbourLists {
  readonly #width: number;
  readonly #values: Float32Array;
  readonly #distances: Float32Array;
  /** Neighbours of a point. */
  readonly size: number;
  /** Neighbours by squared distance, the nearest first, `[points, size]`. */
  readonly neighbours: Int32Array;

  constructor({ rowCount, columnCount, values }: DenseMatrix, size: number) {
    this.#width = columnCount;
    this.#values = values;
    this.#distances = new Float32Array(rowCount * size).fill(Number.POSITIVE_INFINITY);
    this.size = size;
    this.neighbours = new Int32Array(rowCount * size).fill(-1);
  }

  /** Offers two different points to the lists of each other. A list takes a point that is nearer than its farthest neighbour. */
  compare(point: number, other: number): void {
    const { size } = this;
    const limit = Math.max(this.#distances[(point + 1) * size - 1], this.#distances[(other + 1) * size - 1]);
    const distance = this.#distance(point, other, limit);
    if (distance >= limit) return;
    this.#insert(point, other, distance);
    this.#insert(other, point, distance);
  }

  /** The squared distance, or a part of it that is not below the limit. */
  #distance(point: number, other: number, limit: number): number {
    const width = this.#width;
    const values = this.#values;
    const [from, to] = [point * width, other * width];
    let distance = 0;
    let column = 0;
    // Four at a time, which takes half as long. The first columns vary most, and most pairs are far apart in a few of them.
    for (; column + 3 < width && distance < limit; column += 4) {
      const a = values[from + column] - values[to + column];
      const b = values[from + column + 1] - values[to + column + 1];
      const c = values[from + column + 2] - values[to + column + 2];
      const d = values[from + column + 3] - values[to + column + 3];
      distance += a * a + b * b + c * c + d * d;
    }
    for (; column < width && distance < limit; column += 1)
      distance += (values[from + column] - values[to + column]) ** 2;
    return distance;
  }

  /** Puts a neighbour in its place among those of a point. The last one falls out. */
  #insert(point: number, neighbour: number, distance: number): void {
    const first = point * this.size;
    const distances = this.#distances;
    const neighbours = this.neighbours;
    let place = first + this.size - 1;
    if (distance >= distances[place]) return;
    for (let known = first; known <= place; known += 1) if (neighbours[known] === neighbour) return;
    for (; place > first && distances[place - 1] > distance; place -= 1) {
      distances[place] = distances[place - 1];
      neighbours[place] = neighbours[place - 1];
    }
    distances[place] = distance;
    neighbours[place] = neighbour;
  }
}
