import { InvalidDataError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asTrainingSplit, interactionMatrix } from "../interactions/interaction-matrix";
import { pairBatches } from "./pair-batches";

const training = (itemCount: number, itemsOfUsers: readonly (readonly number[])[]) =>
  asTrainingSplit(
    interactionMatrix({
      userCount: itemsOfUsers.length,
      itemCount,
      users: Int32Array.from(itemsOfUsers.flatMap((items, user) => items.map(() => user))),
      items: Int32Array.from(itemsOfUsers.flat()),
    }),
  );

const epoch = (seed = 1) => RandomGenerator.fromSeed(seed);

describe("pairBatches", () => {
  it("sees every interaction once an epoch, and never draws an item of the user", () => {
    const histories = fc
      .integer({ min: 2, max: 12 })
      .chain((itemCount) =>
        fc.record({
          itemCount: fc.constant(itemCount),
          users: fc.array(fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: itemCount - 1 }), {
            minLength: 1,
            maxLength: 6,
          }),
          batchSize: fc.integer({ min: 1, max: 7 }),
          negatives: fc.integer({ min: 1, max: 3 }),
        }),
      )
      .filter(({ users }) => users.some(({ length }) => length > 0));
    fc.assert(
      fc.property(histories, fc.nat(), ({ itemCount, users, batchSize, negatives }, seed) => {
        const pairs = pairBatches(training(itemCount, users), { negatives, batchSize });
        const random = epoch(seed);
        const seen: string[] = [];
        for (let index = 0; index < pairs.batchCount; index += 1) {
          const batch = pairs.batch(random, index);
          batch.users.forEach((user, pair) => {
            seen.push(`${user} ${batch.positives[pair]}`);
            for (const item of batch.negatives.subarray(pair * negatives, (pair + 1) * negatives)) {
              expect(users[user]).not.toContain(item);
              expect(item >= 0 && item < itemCount).toBe(true);
            }
          });
        }
        const all = users.flatMap((items, user) => items.map((item) => `${user} ${item}`));
        expect(seen.sort()).toEqual(all.sort());
        expect(pairs.pairCount).toBe(all.length);
      }),
    );
  });

  it("draws uniformly over the items that the user has not interacted with", () => {
    const seenItems = [0, 3, 4, 9];
    const pairs = pairBatches(training(12, [seenItems]), { negatives: 5000, batchSize: 4 });
    const counts = new Array<number>(12).fill(0);
    for (const item of pairs.batch(epoch(), 0).negatives) counts[item] += 1;
    const expected = 20_000 / 8;
    const chiSquared = counts
      .filter((_, item) => !seenItems.includes(item))
      .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 99.9% quantile of χ² with 7 degrees of freedom.
    expect(chiSquared).toBeLessThan(24.32);
    for (const item of seenItems) expect(counts[item]).toBe(0);
  });

  it("depends on the epoch's generator and the batch only, in any order", () => {
    const data = training(30, [
      [1, 2, 3],
      [4, 5, 6, 7],
      [0, 29],
    ]);
    const make = () => pairBatches(data, { negatives: 2, batchSize: 2 });
    const inOrder = Array.from({ length: 5 }, (_, index) => make().batch(epoch(), index));
    const one = make();
    const random = epoch();
    const backwards = [4, 3, 2, 1, 0].map((index) => one.batch(random, index)).reverse();
    expect(backwards).toEqual(inOrder);
    expect(one.batch(epoch(2), 0)).not.toEqual(inOrder[0]);
  });

  it("leaves out users who have interacted with everything, and refuses data of such users only", () => {
    const pairs = pairBatches(training(3, [[0, 1, 2], [1]]), { negatives: 1, batchSize: 10 });
    expect([pairs.pairCount, pairs.usersWithoutNegatives]).toEqual([1, 1]);
    expect([...pairs.batch(epoch(), 0).users]).toEqual([1]);
    const options = { negatives: 1, batchSize: 10 };
    expect(() => pairBatches(training(3, [[0, 1, 2]]), options)).toThrow(InvalidDataError);
    expect(() => pairBatches(training(3, [[], []]), options)).toThrow(/training interactions: none/);
  });
});
