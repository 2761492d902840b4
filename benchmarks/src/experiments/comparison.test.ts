import { RandomGenerator } from "@dmrec/core";
import { pairedTTest, wilcoxonTest } from "@dmrec/eval";
import { describe, expect, it } from "vitest";
import { compareAll, effectOverUsers, gainByGroup } from "./comparison";
import { sampleRecord } from "./testing/sample-record";

const users = 60;
/** The runs of a model with an effect of the seed and one of each user and seed. */
function runs(random: RandomGenerator, seeds: number, shift = 0) {
  return Array.from({ length: seeds }, (_, index) => {
    const seedEffect = 0.01 * random.normal();
    const values = Array.from({ length: users }, () => 0.3 + shift + seedEffect + 0.1 * random.normal());
    return sampleRecord(2024 + index, values);
  });
}

describe("compareAll", () => {
  it("takes a model with other seeds for a different one in at most 5% of tables", () => {
    const random = RandomGenerator.fromSeed(1);
    const tables = 200;
    let wrong = 0;
    for (let table = 0; table < tables; table += 1) {
      const reference = runs(random, 5);
      const comparisons = Array.from({ length: 9 }, () => ({ runs: runs(random, 5), reference }));
      wrong += Number(compareAll(comparisons, "recall@20").some(({ isSignificant }) => isSignificant));
    }
    expect(wrong).toBeLessThanOrEqual(0.05 * tables);
  });

  it("finds a difference that is there, with its size", () => {
    const random = RandomGenerator.fromSeed(2);
    const comparison = { runs: runs(random, 10, 0.1), reference: runs(random, 10) };
    const [compared] = compareAll([comparison], "recall@20");
    expect(compared.isSignificant).toBe(true);
    expect(compared.improvement).toBeCloseTo(0.1 / 0.3, 1);
    expect(effectOverUsers(comparison, "recall@20")?.low).toBeGreaterThan(0);
  });

  it("tests common seeds only, and multiplies p-values by the number of comparisons", () => {
    const random = RandomGenerator.fromSeed(3);
    const reference = runs(random, 4);
    const better = runs(random, 6, 0.02);
    const once = compareAll([{ runs: better, reference }], "recall@20")[0];
    const values = (all: typeof reference) => all.slice(0, 4).map(({ metrics }) => metrics["recall@20"]);
    expect([once.seeds, once.commonSeeds]).toEqual([6, 4]);
    expect(once.overSeeds).toBeCloseTo(pairedTTest(values(better), values(reference)).pValue, 12);
    const means = (all: typeof reference) =>
      Array.from({ length: users }, (_, user) =>
        all.slice(0, 4).reduce((sum, { perUser }) => sum + perUser["recall@20"][user] / 4, 0),
      );
    expect(once.overUsers).toBeCloseTo(wilcoxonTest(means(better), means(reference)).pValue, 6);
    const [twice] = compareAll(
      [
        { runs: better, reference },
        { runs: reference, reference },
      ],
      "recall@20",
    );
    expect(twice.overSeeds).toBeCloseTo(Math.min(1, 2 * once.overSeeds), 12);
  });

  it("says nothing about one seed or no reference", () => {
    const random = RandomGenerator.fromSeed(4);
    const [single, alone] = compareAll(
      [
        { runs: runs(random, 1, 0.5), reference: runs(random, 1) },
        { runs: runs(random, 3), reference: [] },
      ],
      "recall@20",
    );
    expect([single.isSignificant, single.overSeeds]).toEqual([false, 1]);
    expect([alone.isSignificant, alone.overUsers]).toEqual([false, 1]);
    expect(effectOverUsers({ runs: runs(random, 3), reference: [] }, "recall@20")).toBeUndefined();
  });
});

describe("gainByGroup", () => {
  it("puts users into four groups of equal width up to the 95th percentile", () => {
    // The 95th percentile is 8, and one user has far more.
    const userActivity = [0, 1, 2, 2, 2, 3, 4, 5, 8, 90, 1, 2, 1];
    const zeros = userActivity.map(() => 0);
    const gains = userActivity.map((count) => count / 10);
    const groups = gainByGroup(
      {
        runs: [sampleRecord(1, gains, { userActivity }), sampleRecord(2, gains, { userActivity })],
        reference: [sampleRecord(2, zeros, { userActivity }), sampleRecord(1, zeros, { userActivity })],
      },
      "recall@20",
    );
    expect(groups.map(({ above, upTo, users }) => [above, upTo, users])).toEqual([
      [0, 2, 8],
      [2, 4, 2],
      [4, 6, 1],
      [6, Number.POSITIVE_INFINITY, 2],
    ]);
    expect(groups[0].share).toBeCloseTo(8 / 13, 12);
    expect(groups[3].gains).toEqual([0.8, 9]);
    expect(groups[1].gains.map((gain) => Math.round(10 * gain))).toEqual([3, 4]);
  });
});
