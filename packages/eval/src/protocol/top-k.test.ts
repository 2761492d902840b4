import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topK } from "./top-k";

const masks = [Number.NEGATIVE_INFINITY, Number.NaN];
const score = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, 1, ...masks));

describe("topK", () => {
  it("is the head of a full stable sort, without what is masked", () => {
    fc.assert(
      fc.property(fc.array(score), fc.nat(12), (list, k) => {
        const scores = Float32Array.from(list);
        const expected = Array.from(scores.keys())
          .filter((index) => !masks.includes(scores[index]))
          .sort((a, b) => scores[b] - scores[a] || a - b)
          .slice(0, k);
        expect([...topK(scores, k)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves the scores as they are", () => {
    const scores = Float32Array.of(3, 1, 2);
    topK(scores, 2);
    expect([...scores]).toEqual([3, 1, 2]);
  });
});
