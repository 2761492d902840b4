import { InvalidDataError, InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BootstrapMethod, bootstrapInterval, bootstrapIntervals } from "./bootstrap-interval";

const methods: readonly BootstrapMethod[] = ["percentile", "bca"];
const sample = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 20 });

describe("bootstrapInterval", () => {
  it("moves and stretches with the sample, is the same for a seed, and wider at a higher level", () => {
    fc.assert(
      fc.property(sample, fc.constantFrom(...methods), fc.nat(), (values, method, seed) => {
        const options = { method, seed, resamples: 200 };
        const { estimate, low, high } = bootstrapInterval(values, options);
        expect(low).toBeLessThanOrEqual(high);
        expect(bootstrapInterval(values, options)).toEqual({ estimate, low, high });
        const moved = bootstrapInterval(
          values.map((value) => 2 * value + 1000),
          { ...options, method: "percentile" },
        );
        const plain = bootstrapInterval(values, { ...options, method: "percentile" });
        expect(moved.low).toBeCloseTo(2 * plain.low + 1000, 6);
        expect(moved.high).toBeCloseTo(2 * plain.high + 1000, 6);
        const narrow = bootstrapInterval(values, { ...options, level: 0.5 });
        expect(narrow.low).toBeGreaterThanOrEqual(low);
        expect(narrow.high).toBeLessThanOrEqual(high);
      }),
    );
  });

  it("holds the true mean of a skewed distribution about as often as its level says", () => {
    const random = RandomGenerator.fromSeed(5);
    const hits = { percentile: 0, bca: 0 };
    const trials = 400;
    for (let trial = 0; trial < trials; trial += 1) {
      const values = Array.from({ length: 30 }, () => random.gamma(1));
      for (const method of methods) {
        const { low, high } = bootstrapInterval(values, { method, level: 0.9, resamples: 400, seed: trial });
        if (low <= 1 && high >= 1) hits[method] += 1;
      }
    }
    for (const method of methods) expect(Math.abs(hits[method] / trials - 0.9)).toBeLessThan(0.06);
  });

  it("gives any statistic, whatever that does with its array, and a constant sample no width", () => {
    const median = (values: Float64Array) => values.sort()[(values.length - 1) >> 1];
    const values = Array.from({ length: 41 }, (_, index) => (index * 17) % 41);
    const { estimate, low, high } = bootstrapInterval(values, { statistic: median });
    expect(estimate).toBe(20);
    expect(low).toBeGreaterThan(5);
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(20);
    expect(high).toBeLessThan(35);
    for (const method of methods)
      expect(bootstrapInterval([3, 3, 3], { method })).toEqual({ estimate: 3, low: 3, high: 3 });
  });

  it("gives the intervals of several samples as one by one", () => {
    const samples = fc.integer({ min: 2, max: 9 }).chain((size) => {
      const values = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
        minLength: size,
        maxLength: size,
      });
      return fc.array(values, { maxLength: 4 });
    });
    fc.assert(
      fc.property(samples, fc.constantFrom(...methods), (all, method) => {
        const options = { method, seed: 3, resamples: 50 };
        expect(bootstrapIntervals(all, options)).toEqual(
          all.map((values) => bootstrapInterval(values, options)),
        );
      }),
    );
    expect(() =>
      bootstrapIntervals([
        [1, 2],
        [1, 2, 3],
      ]),
    ).toThrow(/3 values; expected 2, as in the first/);
  });

  it("refuses samples, statistics and options that cannot be", () => {
    expect(() => bootstrapInterval([1])).toThrow(/bootstrapInterval: 1 values; expected at least 2/);
    expect(() => bootstrapInterval([1, Number.NaN])).toThrow(/bootstrapInterval, value 1: NaN/);
    expect(() => bootstrapInterval([1, 2], { statistic: () => Number.NaN })).toThrow(InvalidDataError);
    const first = [true];
    const oneSided = () => (first.pop() ? 0 : 1);
    expect(() => bootstrapInterval([1, 2], { statistic: oneSided })).toThrow(
      /choose the method "percentile"/,
    );
    for (const wrong of [{ level: 95 }, { resamples: 0 }, { method: "basic" }, { seed: -1 }, { n: 1 }]) {
      const options: object = wrong;
      expect(() => bootstrapInterval([1, 2], options)).toThrow(InvalidOptionsError);
    }
  });
});
