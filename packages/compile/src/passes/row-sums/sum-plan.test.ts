import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { chunkLength } from "./pieces";
import { planPaddedSum, planSum, roundCount } from "./sum-plan";

interface Case {
  readonly targets: Int32Array;
  readonly targetCount: number;
  readonly values: readonly number[];
  readonly weights?: Float32Array;
  readonly slots: number;
}

/** Follows a plan with plain numbers, as the graph does with rows. */
function follow({ values, ...options }: Case): number[] {
  const { rounds, first, splitTargets, splitSlots } = planSum(options);
  let source = values;
  const slots = rounds.map(({ order, membership }, round) => {
    const perChunk = round === 0 ? options.slots : chunkLength;
    const taken = Array.from(order, (row) => source[row] ?? 0);
    source = Array.from({ length: membership.length / chunkLength }, (_, slot) => {
      const chunk = Math.floor(slot / perChunk) * chunkLength;
      const members = membership.subarray(slot * chunkLength, (slot + 1) * chunkLength);
      return members.reduce((sum, member, place) => sum + member * taken[chunk + place], 0);
    });
    return source;
  });
  const sums = Array.from(first, (slot) => slots[0][slot]);
  const laterSlots = slots.slice(1).flat();
  for (const [index, target] of splitTargets.entries()) sums[Number(target)] = laterSlots[splitSlots[index]];
  expect(new Set(splitTargets).size).toBe(splitTargets.length);
  return sums;
}

/** The same for a plan of two rounds. */
function followPadded({ values, ...options }: Case): number[] {
  const { round, first, splitTargets, parts, isPart } = planPaddedSum(options);
  const { order, membership } = round;
  const slots = Array.from({ length: membership.length / chunkLength }, (_, slot) => {
    const chunk = Math.floor(slot / options.slots) * chunkLength;
    const members = membership.subarray(slot * chunkLength, (slot + 1) * chunkLength);
    return members.reduce((sum, member, place) => sum + member * (values[order[chunk + place]] ?? 0), 0);
  });
  const sums = Array.from(first, (slot) => slots[slot]);
  const width = parts.length / splitTargets.length;
  for (const [index, target] of splitTargets.entries()) {
    const own = Array.from({ length: width }, (_, part) => index * width + part);
    sums[Number(target)] = own.reduce((sum, place) => sum + isPart[place] * slots[parts[place]], 0);
  }
  expect(new Set(splitTargets).size).toBe(splitTargets.length);
  return sums;
}

const sums = ({ targets, targetCount, values, weights }: Case) => {
  const expected = new Array<number>(targetCount).fill(0);
  targets.forEach((target, row) => {
    if (target >= 0) expected[target] += values[row] * (weights?.[row] ?? 1);
  });
  return expected;
};

it("gives every target the sum of its rows, weighted or not, whatever a chunk holds", () => {
  const cases = fc.integer({ min: 1, max: 40 }).chain((targetCount) =>
    fc.record({
      targetCount: fc.constant(targetCount),
      slots: fc.constantFrom(1, 4, 16),
      weighted: fc.boolean(),
      // Few targets of many rows, and many of few.
      list: fc.array(
        fc.tuple(fc.integer({ min: -1, max: targetCount - 1 }), fc.integer({ min: 0, max: 2 })),
        {
          maxLength: 700,
          size: "max",
        },
      ),
    }),
  );
  fc.assert(
    fc.property(cases, ({ targetCount, slots, weighted, list }) => {
      const rows: Case = {
        targets: Int32Array.from(list, ([target]) => target),
        targetCount,
        slots,
        values: list.map((_, row) => row + 1),
        ...(weighted ? { weights: Float32Array.from(list, ([, weight]) => weight) } : {}),
      };
      expect(follow(rows)).toEqual(sums(rows));
      expect(followPadded(rows)).toEqual(sums(rows));
    }),
  );
});

it.each([0, 1, 15, 16, 17, 256, 257, 4096, 5000])("handles %i rows of one target", (length) => {
  const targets = new Int32Array(length);
  const values = Array.from(targets, () => 1);
  const rows = { targets, targetCount: 3, values, slots: 4 };
  expect(follow(rows)).toEqual([length, 0, 0]);
  expect(followPadded(rows)).toEqual([length, 0, 0]);
});

it("has as many rounds as the number of rows says, whatever the targets are", () => {
  for (const targets of [Int32Array.from({ length: 3000 }, (_, row) => row % 7), new Int32Array(3000)]) {
    expect(planSum({ targets, targetCount: 10, slots: 4 }).rounds).toHaveLength(roundCount(3000));
  }
});

it("leaves few places empty, and takes no row that has no weight", () => {
  const targets = Int32Array.from({ length: 12_000 }, (_, row) => (row * 7919) % 1000);
  const weights = Float32Array.from(targets, (_, row) => Number(row % 3 > 0));
  const [{ order }] = planSum({ targets, weights, targetCount: 1000, slots: 4 }).rounds;
  expect(order.length).toBeLessThan(1.1 * 8000);
  // Spare chunks take the first row, and no slot sums it.
  expect([...new Set(order)].filter((row) => weights[row] === 0)).toEqual([0]);
});

it("refuses a target that is out of range, with its row", () => {
  const options = { targets: Int32Array.of(0, 3), targetCount: 3, slots: 16 };
  expect(() => planSum(options)).toThrow(InvalidDataError);
  expect(() => planSum(options)).toThrow(/row 1: index 3; expected below 3/);
});
