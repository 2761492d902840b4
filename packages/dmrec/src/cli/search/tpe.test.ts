import { RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSettings, parseChoice, parseRange, type Settings } from "./search-space";
import { type Observation, promisingSettings } from "./tpe";

const space = [parseRange("rate=1e-5..1:log"), parseRange("dropout=0..0.9"), parseChoice("layers=1,2,3,4")];

type Quality = (settings: Settings) => number;

/** The maximum, 0, is at a rate of 0.001, a dropout of 0.3 and 3 layers. */
const independent: Quality = ({ rate, dropout, layers }) =>
  -((Math.log10(Number(rate)) + 3) ** 2 + (4 * (Number(dropout) - 0.3)) ** 2 + (layers === 3 ? 0 : 0.5));

/** The maximum, 0, is at a rate of 0.0001 and a dropout of 0.6. More dropout needs a lower rate. */
const dependent: Quality = ({ rate, dropout }) => {
  const logarithm = Math.log10(Number(rate));
  return -((logarithm + 1 + 5 * Number(dropout)) ** 2 + (Number(dropout) - 0.6) ** 2);
};

const trials = 40;

/** The best quality of a search that learns after 8 draws, 4 trials at a time, as `dmrec search` does. */
function bestOf(quality: Quality, seed: number, learns: boolean): number {
  const observations: Observation[] = [];
  while (observations.length < trials) {
    const seen = [...observations];
    for (let nth = 0; nth < 4; nth += 1) {
      const settings =
        learns && seen.length >= 8
          ? promisingSettings(space, seen, RandomGenerator.fromSeed(seed).fork("trial", seen.length, nth))
          : drawSettings(space, RandomGenerator.fromSeed(seed), seen.length + nth);
      observations.push({ settings, value: quality(settings) });
    }
  }
  return Math.max(...observations.map(({ value }) => value));
}

describe("TPE", () => {
  it.each([
    ["independent", independent],
    ["dependent", dependent],
  ])(
    "finds better settings than random search with as many trials, of %s options over many seeds",
    (_, quality) => {
      const seeds = Array.from({ length: 300 }, (_, seed) => seed);
      const pairs = seeds.map((seed) => [bestOf(quality, seed, true), bestOf(quality, seed, false)] as const);
      // 171 of 300 is beyond chance at 0.01.
      expect(pairs.filter(([tpe, random]) => tpe > random).length).toBeGreaterThan(170);
      const regret = (index: 0 | 1) => pairs.reduce((sum, pair) => sum - pair[index], 0);
      expect(regret(0)).toBeLessThan(0.9 * regret(1));
    },
  );

  it("prefers values near the good ones, and away from failed ones", () => {
    const observations = Array.from({ length: 20 }, (_, trial) => {
      const settings = { rate: 10 ** -(trial / 5), dropout: trial % 2 ? 0.1 : 0.8, layers: 1 + (trial % 4) };
      return { settings, value: trial % 4 === 1 ? 1 : Number.NEGATIVE_INFINITY };
    });
    const chosen = Array.from({ length: 200 }, (_, trial) =>
      promisingSettings(space, observations, RandomGenerator.fromSeed(trial)),
    );
    const share = (isGood: (settings: Settings) => boolean) => chosen.filter(isGood).length / chosen.length;
    expect(share(({ dropout }) => Math.abs(Number(dropout) - 0.1) < 0.2)).toBeGreaterThan(0.6);
    expect(share(({ layers }) => layers === 2)).toBeGreaterThan(0.8);
  });

  it("stays within the space, and depends on the seed only", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 12 }),
        fc.nat(),
        (values, seed) => {
          const observations = values.map((value, trial) => ({
            settings: drawSettings(space, RandomGenerator.fromSeed(seed), trial),
            value,
          }));
          const choose = () => promisingSettings(space, observations, RandomGenerator.fromSeed(seed));
          const settings = choose();
          expect(settings).toEqual(choose());
          expect(Number(settings.rate)).toBeGreaterThanOrEqual(1e-5);
          expect(Number(settings.rate)).toBeLessThanOrEqual(1);
          expect(Number(settings.dropout)).toBeGreaterThanOrEqual(0);
          expect(Number(settings.dropout)).toBeLessThanOrEqual(0.9);
          expect([1, 2, 3, 4]).toContain(settings.layers);
        },
      ),
    );
  });
});
