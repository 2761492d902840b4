/** The size of a map on the screen, in CSS pixels. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** Pixels between the outermost items and the edge. */
const margin = 22;

/** Places on the screen, `[items, 2]` in CSS pixels, of coordinates from 0 to 1: as large as fits, in the middle. */
export function placesOnScreen(coordinates: Float32Array, { width, height }: MapSize): Float32Array {
  const [right, down] = [Math.max(1, width - 2 * margin), Math.max(1, height - 2 * margin)];
  // A map may be up to half as wide again as it is high; more would tear neighbours apart.
  const side = Math.min(right, down);
  const [x, y] = [Math.min(right, 1.5 * side), Math.min(down, 1.5 * side)];
  const [left, top] = [(width - x) / 2, (height - y) / 2];
  return coordinates.map((value, index) => (index % 2 === 0 ? left + value * x : top + value * y));
}

/** Places on the way from some to others. */
export function placesBetween(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return to.map((value, index) => from[index] + share * (value - from[index]));
}
