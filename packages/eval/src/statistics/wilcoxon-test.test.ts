import { RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilcoxonTest } from "./wilcoxon-test";

const few = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 8 });
const zeros = (values: readonly number[]) => new Float64Array(values.length);

describe("wilcoxonTest", () => {
  it("counts the choices of signs that are as extreme, with equal differences too", () => {
    fc.assert(
      fc.property(few, (values) => {
        const sizes = values.map(Math.abs);
        const rankOf = (size: number) =>
          sizes.filter((other) => other !== 0 && other < size).length +
          (sizes.filter((other) => other === size).length + 1) / 2;
        const sums = Array.from({ length: 2 ** values.length }, (_, signs) =>
          sizes.reduce((sum, size, at) => (size !== 0 && (signs >> at) & 1 ? sum + rankOf(size) : sum), 0),
        );
        const { statistic, pValue } = wilcoxonTest(values, zeros(values));
        const extreme = sums.filter((sum) => sum <= statistic).length;
        expect(pValue).toBeCloseTo(Math.min(1, (2 * extreme) / sums.length), 12);
      }),
    );
  });

  it("does not depend on the order of models or pairs, nor on the scale", () => {
    const many = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 9 }), (values, scale) => {
        const expected = wilcoxonTest(values, zeros(values));
        expect(expected.pValue).toBeGreaterThan(0);
        expect(expected.pValue).toBeLessThanOrEqual(1);
        expect(wilcoxonTest(zeros(values), values)).toEqual(expected);
        const scaled = values.map((value) => value * scale).reverse();
        expect(wilcoxonTest(scaled, zeros(values))).toEqual(expected);
      }),
    );
  });

  it("rejects equal models as often as its level says, near 50 pairs on both sides", () => {
    const random = RandomGenerator.fromSeed(1);
    for (const [count, method] of [
      [50, "exact"],
      [51, "normal"],
    ] as const) {
      const sample = () => Array.from({ length: count }, () => random.normal());
      const tests = Array.from({ length: 1000 }, () => wilcoxonTest(sample(), sample()));
      expect(tests[0]).toMatchObject({ method, count });
      const rejections = tests.filter(({ pValue }) => pValue < 0.05).length;
      expect(Math.abs(rejections / tests.length - 0.05)).toBeLessThan(0.02);
    }
  });

  it("finds no difference where no pair differs", () => {
    expect(wilcoxonTest([1, 2], [1, 2])).toEqual({ statistic: 0, pValue: 1, count: 0, method: "exact" });
  });
});
