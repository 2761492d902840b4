import { InvalidOptionsError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateRanking } from "../protocol/evaluate-ranking";
import { beyondAccuracy } from "./beyond-accuracy";
import { coverage } from "./coverage";
import { gini } from "./gini";
import { popularityBias } from "./popularity-bias";

const rankings = fc.array(
  fc.uniqueArray(fc.nat(9), { minLength: 1 }).map((items) => Int32Array.from(items)),
  { minLength: 1 },
);
const cyclic = Array.from({ length: 10 }, (_, user) => Int32Array.of(user, (user + 1) % 10));
const same = Array.from({ length: 10 }, () => Int32Array.of(3));

describe("beyond accuracy", () => {
  it("shares of places: all items equally, or one item alone", () => {
    expect([coverage(cyclic, 10, 2), gini(cyclic, 10, 2)]).toEqual([1, 0]);
    expect([coverage(same, 10, 1), gini(same, 10, 1)]).toEqual([0.1, 0.9]);
    expect(gini([], 10, 1)).toBe(0);
  });

  it("lies between 0 and 1 and does not depend on the order of users", () => {
    fc.assert(
      fc.property(rankings, fc.integer({ min: 1, max: 10 }), (lists, cutoff) => {
        for (const measure of [coverage, gini]) {
          const value = measure(lists, 10, cutoff);
          expect(value).toBeGreaterThanOrEqual(-1e-12);
          expect(value).toBeLessThanOrEqual(1);
          expect(measure([...lists].reverse(), 10, cutoff)).toBeCloseTo(value, 12);
        }
      }),
    );
  });

  it("popularity: none for lists like the histories, more for the favourites of all", () => {
    const data = syntheticCatalogue({ users: 60, items: 50, embeddingWidth: 2 });
    const users = Int32Array.from({ length: data.userCount }, (_, user) => user);
    const histories = Array.from(users, (user) =>
      data.train.items.slice(data.train.offsets[user], data.train.offsets[user + 1]),
    );
    expect(popularityBias(histories, users, data.train, data.itemCount)).toBeCloseTo(0, 12);
    const counts = new Float64Array(data.itemCount);
    for (const item of data.train.items) counts[item] += 1;
    const favourite = Int32Array.of(counts.indexOf(Math.max(...counts)));
    expect(
      popularityBias(
        Array.from(users, () => favourite),
        users,
        data.train,
        1,
      ),
    ).toBeGreaterThan(0.3);
  });

  it("is read off a report at its cut-offs", async () => {
    const data = syntheticCatalogue({ users: 30, items: 40, embeddingWidth: 2 });
    const score = async (users: Int32Array) => new Float32Array(users.length * data.itemCount);
    const report = await evaluateRanking({ score, data, part: "test", cutoffs: [5] });
    const metrics = beyondAccuracy(report, data.train, [1, 5]);
    expect(Object.keys(metrics).sort()).toEqual([
      "coverage@1",
      "coverage@5",
      "gini@1",
      "gini@5",
      "popularity-bias@1",
      "popularity-bias@5",
    ]);
    expect(metrics["coverage@1"]).toBeLessThan(metrics["coverage@5"]);
    for (const cutoff of [6, 0, 2.5, Number.NaN])
      expect(() => beyondAccuracy(report, data.train, [cutoff])).toThrow(InvalidOptionsError);
    expect(() => beyondAccuracy(report, data.train, [1, 20])).toThrow(
      /beyondAccuracy: cutoffs: 20; expected positive integers up to 5, the largest cut-off of the report/,
    );
    const whole = await evaluateRanking({ score, data, part: "test", cutoffs: [40] });
    expect(beyondAccuracy(whole, data.train, [40])["coverage@40"]).toBeGreaterThan(0.9);
  });
});
