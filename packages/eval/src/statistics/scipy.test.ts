import { describe, expect, it } from "vitest";
import { bcaLevels } from "./bca-levels";
import { jackknife } from "./bootstrap-interval";
import { cohensD } from "./effect-size";
import { fixtures } from "./fixtures/fixtures";
import { noncentralTCdf } from "./noncentral-t";
import { pairedTTest } from "./paired-t-test";
import { quantile } from "./quantile";
import { normalCdf, normalQuantile } from "./standard-normal";
import { summarise } from "./summary";
import { wilcoxonTest } from "./wilcoxon-test";

const expectRelative = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));

const statistics = {
  mean: (sample: Float64Array) => summarise(sample).mean,
  median: (sample: Float64Array) => quantile(sample.slice().sort(), 0.5),
  deviation: (sample: Float64Array) => summarise(sample).standardDeviation,
};

describe("SciPy's values", () => {
  it.each(fixtures.pairs)("of tests of pairs: $name", ({ first, second, t, wilcoxon, effect }) => {
    const student = pairedTTest(first, second);
    expectRelative(student.t, t.statistic, 1e-10);
    expectRelative(student.pValue, t.pValue, 1e-10);
    // As SciPy's, from differences without the last bits, which would hide ties.
    const differences = first.map((value, index) => Number((value - second[index]).toFixed(9)));
    const signedRanks = wilcoxonTest(differences, new Float64Array(first.length));
    expect(signedRanks.statistic).toBe(wilcoxon.statistic);
    expectRelative(signedRanks.pValue, wilcoxon.pValue, 1e-12);
    const { d, low, high } = cohensD(first, second);
    expectRelative(d, effect.d, 1e-10);
    expectRelative(low, effect.interval[0], 1e-8);
    expectRelative(high, effect.interval[1], 1e-8);
  });

  it.each(fixtures.bootstraps)("of intervals of a resampled $name", ({ name, sample, ...scipy }) => {
    const statistic = statistics[name];
    const values = Float64Array.from(sample);
    const resampled = Float64Array.from(scipy.distribution).sort();
    const source = { estimate: statistic(values), resampled, jackknife: jackknife(values, statistic) };
    const interval = (levels: readonly number[]) => levels.map((level) => quantile(resampled, level));
    for (const end of [0, 1]) {
      expectRelative(interval([0.05, 0.95])[end], scipy.percentile[end], 1e-12);
      expectRelative(interval(bcaLevels(source, 0.05))[end], scipy.bca[end], 1e-10);
    }
  });

  it("of the normal and the noncentral t distribution", () => {
    for (const [z, probability] of fixtures.normal) {
      expectRelative(normalCdf(z), probability, 1e-12);
      if (Math.abs(z) < 4) expect(normalQuantile(probability)).toBeCloseTo(z, 10);
    }
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    for (const [t, degreesOfFreedom, noncentrality, probability] of fixtures.noncentralT)
      expectRelative(noncentralTCdf(t, degreesOfFreedom, noncentrality), probability, 1e-9);
  });
});
