import fc from "fast-check";
import { expect, it } from "vitest";
import { largestRun, requestBatches } from "./request-batches";

it("puts every request into one run, of a bounded size if it is not the only one", () => {
  const lengths = fc.array(fc.oneof(fc.nat(20), fc.nat(100_000)), { maxLength: 2000, size: "max" });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 1 << 25 }), (lengths, itemCount) => {
      const batches = requestBatches(lengths, itemCount);
      expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
      for (const batch of batches.filter(({ length }) => length > 1)) {
        const longest = Math.max(...batch.map((index) => lengths[index]));
        expect(batch.length).toBeLessThanOrEqual(largestRun.users);
        expect(batch.length * longest).toBeLessThanOrEqual(largestRun.places);
        expect(batch.length * itemCount).toBeLessThanOrEqual(largestRun.scores);
      }
    }),
    { numRuns: 30 },
  );
});

it("gives 1024 users few runs if they are short and items few, and more if items are many", () => {
  const lengths = new Array<number>(1024).fill(3);
  expect(requestBatches(lengths, 90_000).map(({ length }) => length)).toEqual([186, 186, 186, 186, 186, 94]);
  expect(requestBatches(lengths, 1000)).toHaveLength(1);
  expect(requestBatches(lengths, 500_000)[0]).toHaveLength(33);
  expect(requestBatches([100_000, ...lengths], 1000).map(({ length }) => length)).toEqual([1, 1024]);
});
