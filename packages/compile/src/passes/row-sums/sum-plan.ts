import { groupByTarget } from "./group-by-target";
import { chunkLength } from "./pieces";
import { planRound, type SumRound } from "./plan-round";

/** A plan that sums rows by target without two additions to one place. */
export interface SumPlan {
  readonly rounds: readonly SumRound[];
  /** `[targets]`: the slot of the first round that holds each sum; one of zeros if there is none. */
  readonly first: Int32Array;
  /** `[split]`: the targets with rows in several chunks; at least one, so that no array is empty. */
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

/** The number of chunks of a first round is a multiple of this: with few different sizes, runs reuse the memory of earlier ones. */
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
 * are placed together in a chunk of 16, which a matrix product sums. A target of more rows fills several chunks, which
 * further rounds sum. Every slot has one writer.
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

/** A plan of two rounds, for a graphics card: fewer operations, with room for the target of the most chunks. */
export interface PaddedSumPlan extends Pick<SumPlan, "first" | "splitTargets"> {
  readonly round: SumRound;
  /** `[split, parts]`: the slots of the first round that hold the parts of each sum. */
  readonly parts: Int32Array;
  /** `[split, 1, parts]`: 1 for each of them, 0 for room. */
  readonly isPart: Float32Array;
}

/** The number of parts is a multiple of it: graphics cards read four numbers at a time. */
const partGrain = 4;

/**
 * Plans the sums of rows by target in two rounds: see {@link planSum}.
 *
 * @throws InvalidDataError for a target that is not below `targetCount`.
 */
export function planPaddedSum({ targets, weights, targetCount, slots }: SumPlanOptions): PaddedSumPlan {
  const round = planRound(groupByTarget(targets, weights, targetCount), { slots, grain, weights });
  const spare = (round.order.length / chunkLength - 1) * slots;
  const first = round.slotOf.map((slot) => (slot < 0 ? spare : slot));
  // A target of one chunk takes the way of those of several if there are none.
  const { members, groups } =
    round.split.members.length > 0
      ? round.split
      : { members: [0], groups: { rows: first.slice(0, 1), starts: [0, 1] } };
  const counts = members.map((_, member) => groups.starts[member + 1] - groups.starts[member]);
  const width = Math.ceil(Math.max(...counts) / partGrain) * partGrain;
  const parts = new Int32Array(members.length * width);
  const isPart = new Float32Array(members.length * width);
  for (const [member, count] of counts.entries()) {
    const start = groups.starts[member];
    const place = member * width;
    // Room reads a part of the same sum: another might not be finite.
    parts.fill(groups.rows[start], place, place + width);
    parts.set(groups.rows.subarray(start, start + count), place);
    isPart.fill(1, place, place + count);
  }
  return { round, first, splitTargets: BigInt64Array.from(members, BigInt), parts, isPart };
}
