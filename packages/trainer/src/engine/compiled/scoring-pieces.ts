import type { DenseMatrix, UserRows } from "@dmrec/core";

/** Users whose scores are computed at a time: enough for fast products, few enough for little memory. */
const largestPiece = 256;
/** The same for a graphics card, which has room, and takes long to start an operation. */
export const largestPieceOnDevice = 1024;

/**
 * Splits rows into pieces of one size, so that few graphs score any number of users. The last piece is filled up with
 * users without interactions, whose scores are dropped.
 */
export function splitIntoPieces(rows: UserRows, largest = largestPiece): UserRows[] {
  const { itemCount, rowCount, users, profileEmbeddings } = rows;
  const size = Math.min(largest, 2 ** Math.ceil(Math.log2(Math.max(rowCount, 1))));
  const pieces: UserRows[] = [];
  let first = 0;
  for (let start = 0; start < rowCount; start += size) {
    let last = first;
    while (last < rows.rows.length && rows.rows[last] < start + size) last += 1;
    pieces.push({
      itemCount,
      rowCount: size,
      users: users && usersOf(users, start, size),
      rows: rows.rows.subarray(first, last).map((row) => row - start),
      items: rows.items.subarray(first, last),
      weights: rows.weights.subarray(first, last),
      profileEmbeddings: profileEmbeddings && rowsFrom(profileEmbeddings, start, size),
    });
    first = last;
  }
  return pieces;
}

function usersOf(users: Int32Array, start: number, size: number): Int32Array {
  const piece = users.subarray(start, start + size);
  if (piece.length === size) return piece;
  const filled = new Int32Array(size);
  filled.set(piece);
  return filled;
}

function rowsFrom({ values, columnCount }: DenseMatrix, start: number, size: number): DenseMatrix {
  const rows = values.subarray(start * columnCount, (start + size) * columnCount);
  const filled = new Float32Array(size * columnCount);
  filled.set(rows);
  return { rowCount: size, columnCount, values: filled };
}
