import type { DenseMatrix, InteractionRows } from "@dmrec/core";

/** Users whose scores are computed at a time: enough for fast products, few enough for little memory. */
const largestPiece = 256;

/**
 * Rows in pieces of one size, so that any number of users is scored by few graphs; the last piece is filled up with
 * users without interactions, whose scores nobody reads.
 */
export function piecesOf(rows: InteractionRows): InteractionRows[] {
  const count = rows.users.length;
  const size = Math.min(largestPiece, 2 ** Math.ceil(Math.log2(Math.max(count, 1))));
  const pieces: InteractionRows[] = [];
  let first = 0;
  for (let start = 0; start < count; start += size) {
    let last = first;
    while (last < rows.rows.length && rows.rows[last] < start + size) last += 1;
    pieces.push({
      itemCount: rows.itemCount,
      users: filledUp(rows.users.subarray(start, start + size), size),
      rows: rows.rows.subarray(first, last).map((row) => row - start),
      items: rows.items.subarray(first, last),
      weights: rows.weights.subarray(first, last),
      ...(rows.profiles ? { profiles: profilesOf(rows.profiles, start, size) } : {}),
    });
    first = last;
  }
  return pieces;
}

function filledUp(users: Int32Array, size: number): Int32Array {
  if (users.length === size) return users;
  const filled = new Int32Array(size);
  filled.set(users);
  return filled;
}

function profilesOf({ values, columnCount }: DenseMatrix, start: number, size: number): DenseMatrix {
  const rows = values.subarray(start * columnCount, (start + size) * columnCount);
  const filled = new Float32Array(size * columnCount);
  filled.set(rows);
  return { rowCount: size, columnCount, values: filled };
}
