import { InvalidDataError } from "@dmrec/core";

/** Rows that one small matrix of a plan sums. */
export const chunkLength = 16;

/** One round of a plan: chunks of 16 rows, each multiplied by a matrix that sums those of one target into a slot. */
export interface SumRound {
  /** `[chunks · 16]`: the row that each place takes, of the updates or, in later rounds, of the slots before. */
  readonly order: Int32Array;
  /** `[chunks, slots, 16]`: the weight with which the slot sums the row of the place. */
  readonly membership: Float32Array;
}

/** A plan that sums rows by target without two additions to one place. */
export interface SumPlan {
  readonly rounds: readonly SumRound[];
  /** `[targets]`: the slot of the first round that holds each sum; one of zeros if there is none. */
  readonly first: Int32Array;
  /** `[split]`: the targets whose rows lie in several chunks; at least one, so that no array is empty. */
  readonly splitTargets: BigInt64Array;
  /** `[split]`: the slot that holds each of their sums, among the slots of all later rounds. */
  readonly splitSlots: Int32Array;
}

export interface SumPlanOptions {
  /** `[rows]`; a row of a negative target is left out. */
  readonly targets: Int32Array;
  /** `[rows]`, by default 1; a row of weight 0 is left out. */
  readonly weights?: Float32Array | undefined;
  readonly targetCount: number;
  /** Targets that a chunk of the first round holds at most: few make its results small. */
  readonly slots: number;
}

/** Chunks of a first round are so many at a time: runs of few different sizes find the memory of those before. */
const grain = 32;

/** The number of rounds of a plan. It depends only on the number of rows, so a graph can be fixed. */
export function roundCount(rowCount: number): number {
  // Targets of more rows than a chunk has leave less than an eighth of their rows to the next round.
  return rowCount <= chunkLength ? 1 : 1 + roundCount(Math.floor(rowCount / (chunkLength / 2)));
}

/**
 * Plans the sums of rows by target, in a fixed order of additions.
 *
 * ONNX Runtime's ScatterND adds from several threads at once and loses additions that meet. Here the rows of each target
 * lie together in a chunk of 16, which a matrix product sums; targets of more rows fill several, which are summed in
 * further rounds. Every slot has one writer.
 *
 * The last chunks of a round are spare: their slots hold zeros.
 *
 * @throws InvalidDataError for a target that is not below `targetCount`.
 */
export function planSum({ targets, weights, targetCount, slots }: SumPlanOptions): SumPlan {
  const round = planRound(groupByTarget(targets, weights, targetCount), { slots, grain, weights });
  const rounds: SumRound[] = [round];
  const spare = (round.order.length / chunkLength - 1) * slots;
  const first = round.slotOf.map((slot) => (slot < 0 ? spare : slot));
  const splitTargets: number[] = [];
  const splitSlots: number[] = [];
  let { split } = round;
  // A target of one chunk takes the way of those of several if there are none.
  if (split.members.length === 0)
    split = { members: [0], groups: { rows: first.slice(0, 1), starts: [0, 1] } };
  let offset = 0;
  for (let index = 1; index < roundCount(targets.length); index += 1) {
    const { members } = split;
    const later = planRound(split.groups, { slots: chunkLength, grain: 1 });
    rounds.push(later);
    for (const [group, slot] of later.slotOf.entries()) {
      if (slot < 0) continue;
      splitTargets.push(members[group]);
      splitSlots.push(offset + slot);
    }
    split = { members: later.split.members.map((group) => members[group]), groups: later.split.groups };
    offset += later.order.length;
  }
  return {
    rounds,
    first,
    splitTargets: BigInt64Array.from(splitTargets, BigInt),
    splitSlots: Int32Array.from(splitSlots),
  };
}

/** Rows in the order of their groups, with the start of each group and the end of the last. */
interface Groups {
  readonly rows: Int32Array;
  readonly starts: ArrayLike<number>;
}

interface PlannedRound extends SumRound {
  /** `[groups]`: the slot that holds a group's sum; −1 for a group that is empty or split. */
  readonly slotOf: Int32Array;
  /** The groups that lie in several chunks, and the slots of each, which the next round sums. */
  readonly split: { readonly members: readonly number[]; readonly groups: Groups };
}

interface RoundOptions extends Pick<SumPlanOptions, "slots" | "weights"> {
  /** The number of chunks is a multiple of it. */
  readonly grain: number;
}

function planRound({ rows, starts }: Groups, { slots, grain, weights }: RoundOptions): PlannedRound {
  const pieces = cut(starts);
  const { slotOf: slotOfPiece, placeOf, chunks } = pack(pieces, slots);
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

/** Rows of one group that lie in one chunk. */
interface Piece {
  readonly group: number;
  readonly start: number;
  readonly length: number;
  /** True if these are all rows of the group. */
  readonly isWhole: boolean;
}

/** Groups in pieces of at most a chunk. */
function cut(starts: ArrayLike<number>): Piece[] {
  const pieces: Piece[] = [];
  for (let group = 0; group + 1 < starts.length; group += 1) {
    const end = starts[group + 1];
    const isWhole = end - starts[group] <= chunkLength;
    for (let start = starts[group]; start < end; start += chunkLength)
      pieces.push({ group, start, length: Math.min(chunkLength, end - start), isWhole });
  }
  return pieces;
}

/** Packs pieces into chunks, the largest that still fits next, so that few places stay empty. */
function pack(pieces: readonly Piece[], slots: number) {
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

/** The rows of targets from 0 on that have a weight, by target and then by position. */
function groupByTarget(
  targets: Int32Array,
  weights: Float32Array | undefined,
  targetCount: number,
): { readonly rows: Int32Array; readonly starts: Int32Array } {
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
