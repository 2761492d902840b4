/** The number of rows that one small matrix of a plan sums. */
export const chunkLength = 16;

/** Rows of one group in one chunk. */
export interface Piece {
  readonly group: number;
  readonly start: number;
  readonly length: number;
  /** True if these are all rows of the group. */
  readonly isWhole: boolean;
}

/** Cuts groups into pieces of at most a chunk. */
export function cutGroups(starts: ArrayLike<number>): Piece[] {
  const pieces: Piece[] = [];
  for (let group = 0; group + 1 < starts.length; group += 1) {
    const end = starts[group + 1];
    const isWhole = end - starts[group] <= chunkLength;
    for (let start = starts[group]; start < end; start += chunkLength)
      pieces.push({ group, start, length: Math.min(chunkLength, end - start), isWhole });
  }
  return pieces;
}

export interface PackedPieces {
  /** `[pieces]`: the slot that sums each piece. */
  readonly slotOf: Int32Array;
  /** `[pieces]`: the place of each piece's first row. */
  readonly placeOf: Int32Array;
  readonly chunks: number;
}

/** Packs pieces into chunks, the largest that still fits next, so that few places stay empty. */
export function packPieces(pieces: readonly Piece[], slots: number): PackedPieces {
  /** The pieces of each length, the last one on top. */
  const waiting: number[][] = Array.from({ length: chunkLength + 1 }, () => []);
  for (const [piece, { length }] of pieces.entries()) waiting[length].push(piece);
  const slotOf = new Int32Array(pieces.length);
  const placeOf = new Int32Array(pieces.length);
  let chunks = 0;
  for (let largest = chunkLength; largest > 0; largest -= 1) {
    while (waiting[largest].length > 0) {
      let used = 0;
      for (let slot = 0; slot < slots; slot += 1) {
        let length = Math.min(largest, chunkLength - used);
        while (length > 0 && waiting[length].length === 0) length -= 1;
        const piece = waiting[length].pop();
        if (piece === undefined) break;
        slotOf[piece] = chunks * slots + slot;
        placeOf[piece] = chunks * chunkLength + used;
        used += length;
      }
      chunks += 1;
    }
  }
  return { slotOf, placeOf, chunks };
}
