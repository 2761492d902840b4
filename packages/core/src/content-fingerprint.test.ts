import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentFingerprint } from "./content-fingerprint";

describe("the fingerprint of arrays", () => {
  it("is that of their numbers, wherever these lie in memory", () => {
    const padded = Float32Array.of(9, 1, 2, 3, 9);
    expect(contentFingerprint(padded.subarray(1, 4))).toBe(contentFingerprint(Float32Array.of(1, 2, 3)));
    expect(contentFingerprint(Int32Array.of(1, 2, 3))).toMatch(/^[0-9a-f]{16}$/);
  });

  it("changes with every number, its place and the bounds of the arrays", () => {
    const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 4, max: 9 }), (numbers, at, other) => {
        const changed = Int32Array.from(numbers);
        changed[at % numbers.length] = other;
        expect(contentFingerprint(changed)).not.toBe(contentFingerprint(Int32Array.from(numbers)));
      }),
    );
    const split = [
      [[1, 2, 3]],
      [[2, 1, 3]],
      [[1], [2, 3]],
      [[1, 2], [3]],
      [[1, 2, 3], []],
      [],
      [[]],
      [[0]],
      [[0, 0]],
    ].map((arrays) => contentFingerprint(...arrays.map((numbers) => Int32Array.from(numbers))));
    expect(new Set(split).size).toBe(split.length);
  });
});
