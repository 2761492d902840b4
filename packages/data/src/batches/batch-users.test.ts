import { InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { batchUsers } from "./batch-users";

it("gives every user once, in order or shuffled by the seed", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.integer({ min: 1, max: 50 }), fc.nat(), (userCount, batchSize, seed) => {
      const ordered = [...batchUsers({ userCount, batchSize })];
      const shuffled = () => [
        ...batchUsers({ userCount, batchSize, random: RandomGenerator.fromSeed(seed) }),
      ];
      const all = Array.from({ length: userCount }, (_, user) => user);
      expect(ordered.flatMap((users) => [...users])).toEqual(all);
      expect(
        shuffled()
          .flatMap((users) => [...users])
          .sort((a, b) => a - b),
      ).toEqual(all);
      expect(shuffled()).toEqual(shuffled());
      expect(ordered.slice(0, -1).every((users) => users.length === batchSize)).toBe(true);
    }),
  );
});

it("refuses a size that would never end, before the first batch", () => {
  expect(() => batchUsers({ userCount: 3, batchSize: 0 })).toThrow(InvalidOptionsError);
});
