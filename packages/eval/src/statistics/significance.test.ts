import { InvalidDataError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohensD } from "./effect-size";
import { holmCorrection } from "./holm-correction";
import { pairedTTest } from "./paired-t-test";
import { twoSidedStudentT } from "./student-t";
import { summarise } from "./summary";
import { wilcoxonTest } from "./wilcoxon-test";

describe("pairedTTest", () => {
  it("gives the distribution's known tails", () => {
    // One degree of freedom: 1 − (2/π) atan t; two: 1 − t / √(2 + t²); tables for 9 and 100.
    for (const t of [0.1, 1, 5, 50]) {
      expect(twoSidedStudentT(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedStudentT(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
    expect(twoSidedStudentT(2.262157, 9)).toBeCloseTo(0.05, 6);
    expect(twoSidedStudentT(1.983972, 100)).toBeCloseTo(0.05, 6);
    expect(twoSidedStudentT(0, 5)).toBeCloseTo(1, 12);
  });

  it("finds a real difference, and rejects equal models as often as its level says", () => {
    const random = RandomGenerator.fromSeed(1);
    const noise = () => Array.from({ length: 20 }, () => random.normal());
    const base = noise();
    const { meanDifference, pValue } = pairedTTest(
      base.map((value, index) => value + 1 + 0.1 * Math.sin(index)),
      base,
    );
    expect(meanDifference).toBeCloseTo(1, 1);
    expect(pValue).toBeLessThan(1e-10);
    const trials = 2000;
    const rejections = Array.from({ length: trials }, () => pairedTTest(noise(), noise()).pValue).filter(
      (p) => p < 0.05,
    ).length;
    expect(Math.abs(rejections / trials - 0.05)).toBeLessThan(0.015);
  });

  it("is defined where pairs do not differ, or all by the same amount", () => {
    expect(pairedTTest([1, 2], [1, 2])).toEqual({ meanDifference: 0, t: 0, pValue: 1 });
    expect(pairedTTest([2, 3], [1, 2])).toEqual({
      meanDifference: 1,
      t: Number.POSITIVE_INFINITY,
      pValue: 0,
    });
  });
});

describe("statistics of pairs", () => {
  it("name a pair that is no pair of finite numbers, and a p-value that is none", () => {
    for (const test of [pairedTTest, wilcoxonTest, cohensD]) {
      expect(() => test([1, Number.NaN, 3], [1, 2, 4])).toThrow(InvalidDataError);
      expect(() => test([1, 2, 3], [1, 2, Number.POSITIVE_INFINITY])).toThrow(
        new RegExp(`${test.name}, pair 2: 3 and Infinity; expected finite numbers`),
      );
      expect(() => test([1], [1])).toThrow(InvalidDataError);
      expect(() => test([1, 2], [1, 2, 3])).toThrow(InvalidDataError);
    }
    expect(() => holmCorrection([0.1, Number.NaN])).toThrow(/holmCorrection, p-value 1: NaN/);
  });
});

describe("holmCorrection", () => {
  it("multiplies the smallest by the number of comparisons, the next by one less, and keeps the order", () => {
    const corrected = holmCorrection([0.03, 0.01, 0.04]);
    for (const [index, expected] of [0.06, 0.03, 0.06].entries())
      expect(corrected[index]).toBeCloseTo(expected, 12);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        holmCorrection(pValues).forEach((value, index) => {
          expect(value).toBeGreaterThanOrEqual(pValues[index]);
          expect(value).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});

describe("summarise", () => {
  it("gives mean and sample deviation", () => {
    expect(summarise([1, 2, 3, 4])).toEqual({ count: 4, mean: 2.5, standardDeviation: Math.sqrt(5 / 3) });
    expect(summarise([7])).toEqual({ count: 1, mean: 7, standardDeviation: 0 });
  });
});
