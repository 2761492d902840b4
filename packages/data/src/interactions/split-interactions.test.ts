import { InvalidDataError, InvalidOptionsError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemsOf } from "./interaction-matrix";
import { type SplitOptions, type SplitParts, splitInteractions } from "./split-interactions";

const [userCount, itemCount] = [5, 30];

/** Distinct pairs, in random order. */
const interactions = fc.uniqueArray(fc.nat(userCount * itemCount - 1), { maxLength: 120 }).map((pairs) => ({
  source: "test",
  userCount,
  itemCount,
  users: Int32Array.from(pairs, (pair) => Math.floor(pair / itemCount)),
  items: Int32Array.from(pairs, (pair) => pair % itemCount),
  timestamps: Float64Array.from(pairs, (_, index) => 1000 - index),
}));

const options = fc.record({
  scope: fc.constantFrom("per-user" as const, "global" as const),
  by: fc.constantFrom("random" as const, "time" as const),
  seed: fc.nat(),
});

const pairsOf = ({ train, validation, test }: SplitParts) =>
  [train, validation, test].map((part) =>
    Array.from({ length: userCount }, (_, user) =>
      [...itemsOf(part, user)].map((item) => user * itemCount + item),
    ).flat(),
  );

describe("splitInteractions", () => {
  it("puts every interaction into one part, the same for the same seed", () => {
    fc.assert(
      fc.property(interactions, options, (whole, chosen) => {
        const parts = splitInteractions(whole, chosen);
        const pairs = pairsOf(parts).flat();
        const expected = Array.from(whole.users, (user, entry) => user * itemCount + whole.items[entry]);
        expect(pairs.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(splitInteractions(whole, chosen)).toEqual(parts);
      }),
    );
  });

  it("follows the ratio, of each user or of all, and leaves every user something to train on", () => {
    fc.assert(
      fc.property(interactions, options, (whole, chosen) => {
        const parts = splitInteractions(whole, chosen);
        const check = (all: number, validation: number, test: number) => {
          expect(Math.abs(validation - all / 5)).toBeLessThanOrEqual(1);
          expect(Math.abs(test - all / 5)).toBeLessThanOrEqual(1);
        };
        if (chosen.scope === "global") {
          check(whole.users.length, parts.validation.items.length, parts.test.items.length);
          return;
        }
        for (let user = 0; user < userCount; user += 1) {
          const [train, validation, test] = [parts.train, parts.validation, parts.test].map(
            (part) => itemsOf(part, user).length,
          );
          const all = train + validation + test;
          check(all, validation, test);
          if (all > 0) expect(train).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("by time, trains on what came first and tests on what came last", () => {
    fc.assert(
      fc.property(interactions, (whole) => {
        const timeOf = new Map(
          Array.from(whole.users, (user, entry) => [
            user * itemCount + whole.items[entry],
            whole.timestamps[entry],
          ]),
        );
        const times = pairsOf(splitInteractions(whole, { scope: "global", by: "time" })).map((pairs) =>
          pairs.map((pair) => timeOf.get(pair) ?? 0),
        );
        expect(Math.max(...times[0])).toBeLessThanOrEqual(Math.min(...times[1], ...times[2]));
        expect(Math.max(...times[1])).toBeLessThanOrEqual(Math.min(...times[2]));
      }),
    );
  });

  it.each<[SplitOptions, RegExp]>([
    [{ ratio: [0, 1, 1] }, /ratio/],
    [{ ratio: [3, -1, 1] }, /ratio/],
    [{ seed: 0.5 }, /seed/],
  ])("refuses %j", (bad, message) => {
    const whole = {
      source: "s",
      userCount: 1,
      itemCount: 1,
      users: Int32Array.of(0),
      items: Int32Array.of(0),
    };
    expect(() => splitInteractions(whole, bad)).toThrow(InvalidOptionsError);
    expect(() => splitInteractions(whole, bad)).toThrow(message);
    expect(() => splitInteractions(whole, { by: "time" })).toThrow(InvalidDataError);
  });
});
