import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { expect, it } from "vitest";
import { doublingBins, measuredGains, measuredGroups, measuredMetrics } from "./measure";

/** A report of one metric on users 0, 1, … */
function reportOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    metrics: { "recall@20": mean },
    perUser: { "recall@20": Float64Array.from(values) },
    evaluatedUsers: Int32Array.from(values.keys()),
    rankings: [],
  };
}

it("gives the mean an interval, unless there is one user", () => {
  const of = (values: readonly number[]) => measuredMetrics(reportOf(values))["recall@20"];
  const { mean, low = 1, high = 0 } = of([0, 0.5, 1, 0.5]);
  expect(mean).toBe(0.5);
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(of([0.25])).toEqual({ mean: 0.25 });
  expect(of([1, 1, 1])).toEqual({ mean: 1, low: 1, high: 1 });
});

it("finds a gain that all users have, and none of a model over itself", () => {
  const base = [0.1, 0.2, 0.3, 0.4, 0.5];
  const [gains, none] = measuredGains(reportOf(base), [
    reportOf(base.map((value, user) => value + 0.1 + user / 1000)),
    reportOf(base),
  ]);
  const { mean, share, pValue, low } = gains["recall@20"];
  expect(mean).toBeCloseTo(0.102, 10);
  expect(share).toBeCloseTo(0.34, 10);
  expect(pValue).toBeLessThan(0.001);
  expect(low).toBeGreaterThanOrEqual(0.1);
  expect(none["recall@20"]).toMatchObject({ mean: 0, share: 0, pValue: 1 });
});

it("measures groups of users by their own members", () => {
  const users = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3];
  const items = [0, 0, 1, 0, 1, 2, 0, 1, 2, 3];
  const train = asTrainingSplit(
    interactionMatrix({
      users: Int32Array.from(users),
      items: Int32Array.from(items),
      userCount: 4,
      itemCount: 4,
    }),
  );
  const groups = measuredGroups(reportOf([0, 0.1, 0.2, 0.9]), train);
  expect(groups.map(({ least, most }) => [least, most])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect(groups.map(({ metrics }) => metrics["recall@20"].mean)).toEqual([0, 0.1, 0.2, 0.9]);
});

it("counts in bins that double", () => {
  expect(doublingBins([1, 3, 2, 9])).toEqual([
    { least: 1, most: 1, count: 1 },
    { least: 2, most: 3, count: 2 },
    { least: 4, most: 7, count: 0 },
    { least: 8, most: 15, count: 1 },
  ]);
  expect(doublingBins([0, 0])).toEqual([{ least: 0, most: 0, count: 2 }]);
});
