import { InvalidDataError, InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohensD } from "./effect-size";
import { pairedTTest } from "./paired-t-test";
import { summarise } from "./summary";

const samples = fc
  .tuple(fc.integer({ min: 2, max: 40 }), fc.nat(1_000_000), fc.double({ min: -2, max: 2, noNaN: true }))
  .map(([count, seed, shift]) => {
    const random = RandomGenerator.fromSeed(seed);
    return Array.from({ length: count }, () => random.normal() + shift);
  })
  // The differences of two draws may vary so little that `cohensD` treats them as rounding.
  .filter((differences) => {
    const { mean, standardDeviation } = summarise(differences);
    return Math.abs(mean) < 50 * standardDeviation;
  });

describe("cohensD", () => {
  it("holds d in an interval that excludes 0 if and only if the paired t-test rejects", () => {
    fc.assert(
      fc.property(samples, (differences) => {
        const zeros = new Float64Array(differences.length);
        const { pValue } = pairedTTest(differences, zeros);
        const { d, low, high } = cohensD(differences, zeros);
        expect(low).toBeLessThan(d);
        expect(high).toBeGreaterThan(d);
        fc.pre(Math.abs(pValue - 0.05) > 1e-6);
        expect(low > 0 || high < 0).toBe(pValue < 0.05);
      }),
      { numRuns: 40 },
    );
  });

  it("turns its sign with the order of models, and does not depend on the scale", () => {
    fc.assert(
      fc.property(samples, (differences) => {
        const zeros = new Float64Array(differences.length);
        const { d, low, high } = cohensD(differences, zeros, { level: 0.9 });
        const turned = cohensD(
          zeros,
          differences.map((value) => 3 * value),
          { level: 0.9 },
        );
        expect(turned.d).toBeCloseTo(-d, 10);
        expect(turned.low).toBeCloseTo(-high, 6);
        expect(turned.high).toBeCloseTo(-low, 6);
      }),
      { numRuns: 20 },
    );
  });

  it("holds the true effect as often as its level says", () => {
    const random = RandomGenerator.fromSeed(3);
    const trials = 300;
    const hits = Array.from({ length: trials }, () => {
      const gains = Array.from({ length: 10 }, () => random.normal() + 0.5);
      const { low, high } = cohensD(gains, new Float64Array(10), { level: 0.8 });
      return low <= 0.5 && high >= 0.5;
    }).filter(Boolean).length;
    expect(Math.abs(hits / trials - 0.8)).toBeLessThan(0.07);
  });

  it("measures pairs that nearly agree on a large effect", () => {
    const { d, low, high } = cohensD([1, 1.02], [0, 0]);
    expect(d).toBeCloseTo(71.4, 1);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(100);
  });

  it("refuses differences that do not vary, and a level that is none", () => {
    expect(() => cohensD([2, 3], [1, 2])).toThrow(InvalidDataError);
    expect(() => cohensD([2, 3], [1, 2])).toThrow(/cohensD: differences that are all 1; expected/);
    expect(() => cohensD([0.3, 0.4, 0.5], [0.1, 0.2, 0.3])).toThrow(
      /all about 0.2\d*; expected differences that vary/,
    );
    expect(() => cohensD([2, 2], [2, 2])).toThrow(/all 0;/);
    expect(() => cohensD([1, 2], [0, 0], { level: 95 })).toThrow(InvalidOptionsError);
  });
});
