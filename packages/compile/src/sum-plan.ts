import { InvalidDataError } from "@dmrec/core";

/** Rows that one small matrix of a plan sums. */
export const chunkLength = 16;

/** One round of a plan: chunks of 16 rows, each multiplied by a matrix that sums those of one target into a slot. */
export interface SumRound {
  /** `[chunks · 16]`: the row that each place takes, of the updates or, in later rounds, of the slots before. */
  readonly order: Int32Array;
  /** `[chunks, 16, 16]`: 1 where the place of the column belongs to the slot of the row. */
  readonly membership: Float32Array;
}

/** How rows are summed by target without two additions ever meeting in one place. */
export interface SumPlan {
  readonly rounds: readonly SumRound[];
  /** `[targets]`: the slot of the first round that holds each sum; one of zeros where it is none. */
  readonly first: Int32Array;
  /** `[targets]`: the same among the slots of all later rounds, one after another. */
  readonly later: Int32Array;
}

/** The number of chunks in each round; it depends on the number of rows alone, so that a graph can be fixed. */
export function chunkCounts(rowCount: number): number[] {
  const counts: number[] = [];
  let chunks = Math.ceil(rowCount / chunkLength);
  counts.push(chunks + 1);
  while (chunks > 1) {
    // A chunk shares at most its first and its last target with its neighbours.
    chunks = Math.ceil((2 * chunks) / chunkLength);
    counts.push(chunks + 1);
  }
  return counts;
}

/**
 * Plans the sums of rows by target, in a fixed order of additions.
 *
 * ONNX Runtime's ScatterND adds from several threads at once and loses additions that meet. Here rows are put in the
 * order of their targets, chunks of 16 are summed by a matrix product each, and targets that reach over the end of a
 * chunk are summed in further rounds, each an eighth of the one before. Every slot has one writer.
 *
 * The last chunk of a round is spare: its slots hold zeros.
 *
 * @param targets `[rows]`; a row of a negative target is left out.
 * @throws InvalidDataError for a target that is not below `targetCount`.
 */
export function planSum(targets: Int32Array, targetCount: number): SumPlan {
  const counts = chunkCounts(targets.length);
  const first = new Int32Array(targetCount).fill((counts[0] - 1) * chunkLength);
  const later = new Int32Array(targetCount).fill(((counts[1] ?? 1) - 1) * chunkLength);
  let rows = rowsInOrder(targets, targetCount);
  let rowTargets = rows.map((row) => targets[row]);
  let offset = 0;
  const rounds = counts.map((chunks, index) => {
    const { round, unfinished, unfinishedTargets } = planRound(rows, rowTargets, chunks, (target, slot) => {
      if (index === 0) first[target] = slot;
      else later[target] = offset + slot;
    });
    if (index > 0) offset += chunks * chunkLength;
    rows = unfinished;
    rowTargets = unfinishedTargets;
    return round;
  });
  return { rounds, first, later };
}

function planRound(
  rows: Int32Array,
  targets: Int32Array,
  chunks: number,
  finish: (target: number, slot: number) => void,
) {
  const order = new Int32Array(chunks * chunkLength);
  const membership = new Float32Array(chunks * chunkLength * chunkLength);
  const unfinished: number[] = [];
  const unfinishedTargets: number[] = [];
  order.set(rows);
  let slot = -1;
  let slotsOfTarget = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const opensChunk = place % chunkLength === 0;
    const opensTarget = place === 0 || targets[place] !== targets[place - 1];
    if (opensTarget) slotsOfTarget = 0;
    if (opensChunk || opensTarget) {
      slot = opensChunk ? place : slot + 1;
      slotsOfTarget += 1;
    }
    membership[slot * chunkLength + (place % chunkLength)] = 1;
    const closesTarget = place === rows.length - 1 || targets[place + 1] !== targets[place];
    const closesSlot = closesTarget || (place + 1) % chunkLength === 0;
    if (closesTarget && slotsOfTarget === 1) finish(targets[place], slot);
    else if (closesSlot) {
      unfinished.push(slot);
      unfinishedTargets.push(targets[place]);
    }
  }
  return {
    round: { order, membership },
    unfinished: Int32Array.from(unfinished),
    unfinishedTargets: Int32Array.from(unfinishedTargets),
  };
}

/** The rows of targets from 0 on, by target and then by position. */
function rowsInOrder(targets: Int32Array, targetCount: number): Int32Array {
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
    if (target < 0) continue;
    starts[target + 1] += 1;
    kept += 1;
  }
  for (let target = 0; target < targetCount; target += 1) starts[target + 1] += starts[target];
  const order = new Int32Array(kept);
  for (let row = 0; row < targets.length; row += 1) {
    if (targets[row] >= 0) {
      order[starts[targets[row]]] = row;
      starts[targets[row]] += 1;
    }
  }
  return order;
}
