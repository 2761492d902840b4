import type { Groups } from "./group-by-target";
import { chunkLength, cutGroups, packPieces } from "./pieces";

/** One round of a plan: chunks of 16 rows, each multiplied by a matrix that sums those of one target into a slot. */
export interface SumRound {
  /** `[chunks · 16]`: the row that each place takes, of the updates or, in later rounds, of the slots before. */
  readonly order: Int32Array;
  /** `[chunks, slots, 16]`: the weight with which the slot sums the row of the place. */
  readonly membership: Float32Array;
}

export interface PlannedRound extends SumRound {
  /** `[groups]`: the slot that holds a group's sum; −1 for a group that is empty or split. */
  readonly slotOf: Int32Array;
  /** The groups with rows in several chunks, and the slots of each, which the next round sums. */
  readonly split: { readonly members: readonly number[]; readonly groups: Groups };
}

export interface RoundOptions {
  /** `[rows]`, by default 1; a row of weight 0 is left out. */
  readonly weights?: Float32Array | undefined;
  /** The largest number of targets that a chunk holds. */
  readonly slots: number;
  /** The number of chunks is a multiple of it. */
  readonly grain: number;
}

/** Plans the sums of one round. A group of more rows than a chunk has is split, and the next round sums its parts. */
export function planRound({ rows, starts }: Groups, { slots, grain, weights }: RoundOptions): PlannedRound {
  const pieces = cutGroups(starts);
  const { slotOf: slotOfPiece, placeOf, chunks } = packPieces(pieces, slots);
  const allChunks = Math.ceil((chunks + 1) / grain) * grain;
  const order = new Int32Array(allChunks * chunkLength);
  const membership = new Float32Array(allChunks * slots * chunkLength);
  const used = new Uint8Array(chunks);
  for (const [piece, { start, length }] of pieces.entries()) {
    const place = placeOf[piece];
    for (let row = 0; row < length; row += 1) {
      const taken = rows[start + row];
      order[place + row] = taken;
      membership[slotOfPiece[piece] * chunkLength + (place % chunkLength) + row] = weights?.[taken] ?? 1;
    }
    used[Math.floor(place / chunkLength)] += length;
  }
  // What no slot sums is a row of the chunk itself: another might not be finite.
  for (let chunk = 0; chunk < chunks; chunk += 1)
    order.fill(order[chunk * chunkLength], chunk * chunkLength + used[chunk], (chunk + 1) * chunkLength);

  const slotOf = new Int32Array(starts.length - 1).fill(-1);
  const members: number[] = [];
  const splitRows: number[] = [];
  const splitStarts = [0];
  for (const [piece, { group, isWhole }] of pieces.entries()) {
    if (isWhole) slotOf[group] = slotOfPiece[piece];
    else {
      if (members.at(-1) !== group) {
        members.push(group);
        splitStarts.push(splitRows.length);
      }
      splitRows.push(slotOfPiece[piece]);
      splitStarts[members.length] = splitRows.length;
    }
  }
  return {
    order,
    membership,
    slotOf,
    split: { members, groups: { rows: Int32Array.from(splitRows), starts: splitStarts } },
  };
}
