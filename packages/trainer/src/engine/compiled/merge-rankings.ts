/** The score of an item that is left out: infinities are no numbers that every graphics card computes with. */
export const lowestScore = -3.4e38;

/** Items in blocks of one width; the last one has room. */
export interface Blocks {
  readonly count: number;
  readonly width: number;
}

/** The most items that a graphics card ranks in one operation, in the memory of a group of its threads. */
const widestBlock = 2048;

/** The fewest blocks that a graphics card ranks fast. */
export function blocksOf(itemCount: number): Blocks {
  const count = Math.ceil(itemCount / widestBlock);
  return { count, width: Math.ceil(itemCount / count) };
}

/** The best items of the blocks of each row. */
export interface BlockRankings {
  /** `[rows · blocks, best]`, best first. */
  readonly values: Float32Array;
  /** `[rows · blocks, best]`: the places within the block. */
  readonly places: Int32Array;
  readonly blocks: Blocks;
}

/** The ranking of a row: the best `count` items of its blocks; of equal scores, the lower index comes first. */
export function mergeRankings(
  { values, places, blocks }: BlockRankings,
  row: number,
  { rowCount, count }: { readonly rowCount: number; readonly count: number },
): Int32Array {
  const best = values.length / (rowCount * blocks.count);
  const start = row * blocks.count * best;
  /** The next place of each block. */
  const next = Int32Array.from({ length: blocks.count }, (_, block) => start + block * best);
  const ranking = new Int32Array(Math.min(count, blocks.count * best));
  for (let rank = 0; rank < ranking.length; rank += 1) {
    // Of equal scores, the first block has the lower index.
    let first = -1;
    let score = lowestScore * 0.99;
    for (let block = 0; block < blocks.count; block += 1) {
      const place = next[block];
      if (place === start + (block + 1) * best || values[place] <= score) continue;
      first = block;
      score = values[place];
    }
    // Nothing is left but what is left out.
    if (first < 0) return ranking.subarray(0, rank);
    ranking[rank] = first * blocks.width + places[next[first]];
    next[first] += 1;
  }
  return ranking;
}
