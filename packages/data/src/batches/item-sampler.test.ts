import { type ItemProposal, RandomGenerator } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { asTrainingSplit, interactionMatrix } from "../interactions/interaction-matrix";
import { itemSampler } from "./item-sampler";

/** Item i has `counts[i]` interactions, of as many users. */
function training(counts: readonly number[]) {
  const pairs = counts.flatMap((count, item) => Array.from({ length: count }, (_, user) => [user, item]));
  return asTrainingSplit(
    interactionMatrix({
      userCount: Math.max(...counts, 1),
      itemCount: counts.length,
      users: Int32Array.from(pairs, ([user]) => user),
      items: Int32Array.from(pairs, ([, item]) => item),
    }),
  );
}

const train = training([3, 0, 40, 9, 1, 5, 0, 12, 2, 7, 0, 1]);
const itemCount = 12;
const proposals: readonly ItemProposal[] = ["log-uniform", "popularity"];
const random = (step = 0) => RandomGenerator.fromSeed(5).fork(step);
const none = new Int32Array();

describe.each(proposals)("itemSampler, %s", (proposal) => {
  it("draws each item as often as it says", () => {
    const { expectedCounts, sample } = itemSampler(train, { count: 4, proposal });
    const steps = 20_000;
    const drawn = new Float64Array(itemCount);
    for (let step = 0; step < steps; step += 1)
      for (const item of sample(none, random(step)).items) drawn[item] += 1;
    const chiSquared = expectedCounts.reduce((sum, expected, item) => {
      if (expected === 1) expect(drawn[item]).toBe(steps);
      return sum + (drawn[item] - expected * steps) ** 2 / (expected * steps);
    }, 0);
    // The 99.9% quantile of χ² with 11 degrees of freedom; the strata make the counts vary less than free draws.
    expect(chiSquared).toBeLessThan(31.26);
    expect(expectedCounts.reduce((sum, expected) => sum + expected, 0)).toBeCloseTo(4, 9);
  });

  it("has weights that make up for the draws: their mean is 1 for each item", () => {
    const { sample } = itemSampler(train, { count: 5, proposal });
    const steps = 40_000;
    const means = new Float64Array(itemCount);
    for (let step = 0; step < steps; step += 1) {
      const { items, logWeights } = sample(none, random(step));
      items.forEach((item, place) => {
        means[item] += Math.exp(logWeights[place]) / steps;
      });
    }
    for (const mean of means) expect(Math.abs(mean - 1)).toBeLessThan(0.1);
  });

  it("draws all items once with weight 1 if as many or more are asked for", () => {
    for (const count of [itemCount, 1000]) {
      const { items, logWeights } = itemSampler(train, { count, proposal }).sample(none, random());
      expect([...items].sort((a, b) => a - b)).toEqual([...Array(itemCount).keys()]);
      expect(logWeights.every((weight) => weight === 0)).toBe(true);
    }
  });

  it("finds the items of a batch in the sample, and depends on the generator alone", () => {
    const sampler = itemSampler(train, { count: 6, proposal });
    const batch = Int32Array.from([2, 1, 11, 2, 6, 7]);
    for (let step = 0; step < 200; step += 1) {
      const { items, places, logWeights } = sampler.sample(batch, random(step));
      batch.forEach((item, index) => {
        expect(places[index]).toBe(items.includes(item) ? items.indexOf(item) : 6);
      });
      const again = itemSampler(train, { count: 6, proposal }).sample(batch, random(step));
      expect(again).toEqual({ items, places, logWeights });
    }
  });
});

it("prefers popular items, by number or by rank", () => {
  const [byRank, byNumber] = proposals.map(
    (proposal) => itemSampler(train, { count: 3, proposal }).expectedCounts,
  );
  expect(byNumber[2]).toBe(1);
  expect(byNumber[7] / byNumber[3]).toBeCloseTo(13 / 10, 9);
  expect(byRank[7] / byRank[3]).toBeCloseTo(Math.log(3 / 2) / Math.log(4 / 3), 9);
});
