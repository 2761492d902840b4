import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { chunkCounts, chunkLength, planSum } from "./sum-plan";

/** Follows a plan with plain numbers, as the graph does with rows. */
function follow(targets: Int32Array, targetCount: number, values: readonly number[]): number[] {
  const { rounds, first, later } = planSum(targets, targetCount);
  let source = values;
  const slots = rounds.map(({ order, membership }) => {
    const taken = Array.from(order, (row) => source[row] ?? 0);
    source = taken.map((_, slot) => {
      const chunk = Math.floor(slot / chunkLength) * chunkLength;
      const members = membership.subarray(slot * chunkLength, (slot + 1) * chunkLength);
      return members.reduce((sum, member, place) => sum + member * taken[chunk + place], 0);
    });
    return source;
  });
  const laterSlots = slots.slice(1).flat();
  return Array.from(first, (slot, target) => slots[0][slot] + (laterSlots[later[target]] ?? 0));
}

const sums = (targets: Int32Array, targetCount: number, values: readonly number[]) => {
  const expected = new Array<number>(targetCount).fill(0);
  targets.forEach((target, row) => {
    if (target >= 0) expected[target] += values[row];
  });
  return expected;
};

it("gives every target the sum of its rows", () => {
  const cases = fc.integer({ min: 1, max: 40 }).chain((targetCount) =>
    fc.tuple(
      fc.constant(targetCount),
      // Few targets of many rows, and many of few.
      fc.array(fc.integer({ min: -1, max: targetCount - 1 }), { maxLength: 700, size: "max" }),
    ),
  );
  fc.assert(
    fc.property(cases, ([targetCount, list]) => {
      const targets = Int32Array.from(list);
      const values = list.map((_, row) => row + 1);
      expect(follow(targets, targetCount, values)).toEqual(sums(targets, targetCount, values));
    }),
  );
});

it.each([0, 1, 15, 16, 17, 256, 257, 4096, 5000])("handles %i rows of one target", (length) => {
  const targets = new Int32Array(length);
  const values = Array.from(targets, () => 1);
  expect(follow(targets, 3, values)).toEqual([length, 0, 0]);
});

it("has as many chunks as the number of rows says, whatever the targets are", () => {
  for (const targets of [Int32Array.from({ length: 3000 }, (_, row) => row % 7), new Int32Array(3000)]) {
    const { rounds } = planSum(targets, 10);
    expect(rounds.map(({ order }) => order.length / chunkLength)).toEqual(chunkCounts(3000));
  }
});

it("refuses a target that is out of range, with its row", () => {
  expect(() => planSum(Int32Array.of(0, 3), 3)).toThrow(InvalidDataError);
  expect(() => planSum(Int32Array.of(0, 3), 3)).toThrow(/row 1: index 3; expected below 3/);
});
