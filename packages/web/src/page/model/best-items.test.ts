import fc from "fast-check";
import { expect, it } from "vitest";
import { bestItems } from "./best-items";

it("is the beginning of the sorted scores, without those that are left out", () => {
  const scoresOf = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 });
  fc.assert(
    fc.property(scoresOf, fc.integer({ min: 1, max: 10 }), fc.array(fc.nat(40)), (scores, count, hidden) => {
      const without = new Set(hidden);
      const expected = [...scores.keys()]
        .filter((item) => !without.has(item))
        .sort((a, b) => scores[b] - scores[a] || a - b)
        .slice(0, count);
      expect(bestItems(Float32Array.from(scores), { count, without })).toEqual(expected);
    }),
  );
});
