import type { DenseMatrix, RandomGenerator } from "@dmrec/core";

/**
 * Splits points in halves, by planes across the line between two random ones of them, until there are few in each part, and
 * visits the parts.
 */
export function forEachLeaf(
  points: DenseMatrix,
  { leafSize, random }: { readonly leafSize: number; readonly random: RandomGenerator },
  visit: (leaf: Int32Array) => void,
): void {
  const split = (part: Int32Array) => {
    if (part.length <= leafSize) return visit(part);
    const ordered = orderedAcross(points, part, random);
    split(ordered.subarray(0, part.length >> 1));
    split(ordered.subarray(part.length >> 1));
  };
  split(Int32Array.from({ length: points.rowCount }, (_, point) => point));
}

/** Points on one side of a plane, then those on the other: the plane is across the line between two of them, at the median. */
function orderedAcross(
  { columnCount, values }: DenseMatrix,
  part: Int32Array,
  random: RandomGenerator,
): Int32Array {
  const [from, to] = [part[random.integer(part.length)], part[random.integer(part.length)]];
  const line = Float64Array.from(
    { length: columnCount },
    (_, column) => values[to * columnCount + column] - values[from * columnCount + column],
  );
  const along = Float32Array.from(part, (point) => {
    let sum = 0;
    for (let column = 0; column < columnCount; column += 1)
      sum += line[column] * values[point * columnCount + column];
    return sum;
  });
  const median = along.toSorted()[along.length >> 1];
  const ordered = new Int32Array(part.length);
  let next = 0;
  // Points at the median itself, which may be many, are shared between both halves.
  for (let side = -1; side <= 1; side += 1)
    for (let nth = 0; nth < part.length; nth += 1)
      if (Math.sign(along[nth] - median) === side) {
        ordered[next] = part[nth];
        next += 1;
      }
  return ordered;
}
