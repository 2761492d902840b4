import { InvalidDataError } from "@dmrec/core";

/** Rows in the order of their groups, with the start of each group and the end of the last. */
export interface Groups {
  readonly rows: Int32Array;
  readonly starts: ArrayLike<number>;
}

/** The rows of targets from 0 on that have a weight, by target and then by position. */
export function groupByTarget(
  targets: Int32Array,
  weights: Float32Array | undefined,
  targetCount: number,
): Groups {
  const isKept = (row: number) => targets[row] >= 0 && weights?.[row] !== 0;
  const starts = new Int32Array(targetCount + 1);
  let kept = 0;
  for (let row = 0; row < targets.length; row += 1) {
    const target = targets[row];
    if (target >= targetCount) {
      throw new InvalidDataError({
        source: "the indices of a sum of rows",
        location: `row ${row}`,
        actual: `index ${target}`,
        expected: `below ${targetCount}`,
      });
    }
    if (!isKept(row)) continue;
    starts[target + 1] += 1;
    kept += 1;
  }
  for (let target = 0; target < targetCount; target += 1) starts[target + 1] += starts[target];
  const next = starts.slice();
  const rows = new Int32Array(kept);
  for (let row = 0; row < targets.length; row += 1) {
    if (!isKept(row)) continue;
    rows[next[targets[row]]] = row;
    next[targets[row]] += 1;
  }
  return { rows, starts };
}
