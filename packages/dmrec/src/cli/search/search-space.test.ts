import { RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSettings, parseChoice, parseRange, type SearchOption, shareOf, valueAt } from "./search-space";

const draw = (space: readonly SearchOption[], count: number, seed = 7) =>
  Array.from({ length: count }, (_, trial) => drawSettings(space, RandomGenerator.fromSeed(seed), trial));

describe("a search space", () => {
  it("reads ranges and choices", () => {
    expect(parseRange("learningRate=1e-4..1e-2:log")).toEqual({
      kind: "range",
      name: "learningRate",
      low: 1e-4,
      high: 1e-2,
      isLogarithmic: true,
      isWhole: false,
    });
    expect(parseRange("steps=2..8:int")).toMatchObject({ low: 2, high: 8, isWhole: true });
    expect(parseRange("klWeight=.1...9")).toMatchObject({ low: 0.1, high: 0.9 });
    expect(parseChoice("inputScaling=none, unit-length").values).toEqual(["none", "unit-length"]);
    expect(parseChoice("a.b=1e-3,2,true").values).toEqual([1e-3, 2, true]);
  });

  it.each([
    ["dropout", /expected NAME=LOW\.\.HIGH/],
    ["dropout=0.1", /expected NAME=LOW\.\.HIGH/],
    ["dropout=a..b", /expected NAME=LOW\.\.HIGH/],
    ["dropout=0.5..0.1", /write the lower number first/],
    ["dropout=0..1:log", /start above 0, or leave out :log/],
    ["dropout=0..1:ln", /":ln" is unknown; end the range with :log, :int/],
    ["latentDimension=1.5..8:int", /round them, or leave out :int/],
  ])("says what to type instead of %s", (text, message) => {
    expect(() => parseRange(text)).toThrow(message);
  });

  it.each(["latentDimension", "latentDimension=", "latentDimension=32,,64"])(
    "refuses the choice %s",
    (text) => {
      expect(() => parseChoice(text)).toThrow(/expected NAME=VALUE,VALUE/);
    },
  );

  it("draws numbers within a range that can be typed", () => {
    const ends = fc.tuple(
      fc.double({ min: 1e-6, max: 1, noNaN: true }),
      fc.double({ min: 1.001, max: 1e6, noNaN: true }),
    );
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(ends, share, fc.boolean(), ([low, high], at, isLogarithmic) => {
        const value = valueAt({ kind: "range", name: "x", low, high, isLogarithmic, isWhole: false }, at);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        if (value !== low && value !== high) expect(value).toBe(Number(Number(value).toPrecision(3)));
      }),
    );
  });

  it("draws a rate by its logarithm, and every whole number as often", () => {
    const space = [parseRange("rate=1e-4..1e-2:log"), parseRange("layers=1..4:int")];
    const trials = draw(space, 4000);
    const below = trials.filter(({ rate }) => Number(rate) < 1e-3).length / trials.length;
    expect(below).toBeCloseTo(0.5, 1);
    for (const layers of [1, 2, 3, 4])
      expect(trials.filter((trial) => trial.layers === layers).length / trials.length).toBeCloseTo(0.25, 1);
  });

  it("begins a longer search with the trials of a shorter one, whatever the order of the flags", () => {
    const [rate, width] = [parseRange("rate=0..1"), parseChoice("width=1,2,3,4,5,6,7,8")];
    expect(draw([rate, width], 20).slice(0, 5)).toEqual(draw([width, rate], 5));
    expect(draw([rate, width], 5, 8)).not.toEqual(draw([rate, width], 5));
  });

  it("finds the share of a value again, and the nearest end for one outside", () => {
    const space = [
      parseRange("rate=1e-4..1e-2:log"),
      parseRange("layers=1..4:int"),
      parseChoice("width=8,16,32"),
    ];
    for (const settings of draw(space, 200))
      for (const option of space) {
        const value = settings[option.name];
        expect(valueAt(option, shareOf(option, value))).toBe(value);
      }
    expect(shareOf(space[0], 1)).toBeCloseTo(1);
    expect(shareOf(space[0], 1e-9)).toBe(0);
    expect(shareOf(space[0], 1e-3)).toBeCloseTo(0.5);
  });
});
