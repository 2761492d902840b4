import { InvalidOptionsError, type Recommender } from "@dmrec/core";
import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { itemKnn } from "./item-knn";

/** Item 0 has users 0, 1 and 2; item 1 has 0 and 1 (with the weight 2); item 2 has 0; item 3 has 2; item 4 has none. */
const interactions = asTrainingSplit(
  interactionMatrix({
    userCount: 4,
    itemCount: 5,
    users: Int32Array.of(0, 0, 0, 1, 1, 2, 2),
    items: Int32Array.of(0, 1, 2, 0, 1, 0, 3),
    weights: Float32Array.of(1, 1, 1, 1, 2, 1, 1),
  }),
);

const scoresOf = (
  model: Recommender,
  rows: readonly (readonly (number | { item: number; weight: number })[])[],
) =>
  model
    .scores(
      openParameters(model),
      userBatch(model.itemCount, rows, { users: "unknown" }),
      testContext({ training: false }),
    )
    .arraySync();

const round = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.map((value) => Number(value.toFixed(5))));

describe("itemKnn", () => {
  for (const { name, check } of recommenderChecks(() => itemKnn({ interactions }))) it(name, check);

  it("sums shrunk cosines with the user's items, times the weights", () => {
    const model = itemKnn({ interactions, shrinkage: 0.5 });
    const [n0, n1, n2, n3] = [Math.sqrt(3), Math.sqrt(5), 1, 1];
    const s01 = 3 / (n0 * n1 + 0.5);
    const s02 = 1 / (n0 * n2 + 0.5);
    const s12 = 1 / (n1 * n2 + 0.5);
    const s03 = 1 / (n0 * n3 + 0.5);
    expect(round(scoresOf(model, [[1], [0, { item: 2, weight: 3 }], [], [4]]))).toEqual(
      round([
        [s01, 0, s12, 0, 0],
        [3 * s02, s01 + 3 * s12, s02, s03, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
      ]),
    );
  });

  it("refuses a batch with more scores than int32 counts", () => {
    const model = itemKnn({ interactions });
    const batch = { ...userBatch(model.itemCount, [[0]], { users: "unknown" }), userCount: 2 ** 29 };
    const score = () => model.scores(openParameters(model), batch, testContext({ training: false }));
    expect(score).toThrow(
      /at most 429496729 users of 5 items at a time, and this batch has 536870912; score/,
    );
  });

  it("keeps the nearest of each item, and the first of equals", () => {
    const model = itemKnn({ interactions, neighbors: 1, shrinkage: 0 });
    const [zero, one, two, three] = scoresOf(model, [[0], [1], [2], [3]]);
    // Items 2 and 3 are equally near to item 0, and item 1 is nearer.
    expect(zero.map((score) => score > 0)).toEqual([false, true, false, false, false]);
    expect(one.map((score) => score > 0)).toEqual([true, false, false, false, false]);
    expect(two.map((score) => score > 0)).toEqual([true, false, false, false, false]);
    expect(three.map((score) => score > 0)).toEqual([true, false, false, false, false]);
    const two0 = scoresOf(itemKnn({ interactions, neighbors: 2, shrinkage: 0 }), [[0]])[0];
    expect(two0.map((score) => score > 0)).toEqual([false, true, true, false, false]);
  });

  it("serves a catalogue of one item, and one without interactions", () => {
    const one = asTrainingSplit(
      interactionMatrix({ userCount: 2, itemCount: 1, users: Int32Array.of(0), items: Int32Array.of(0) }),
    );
    expect(scoresOf(itemKnn({ interactions: one }), [[0], []])).toEqual([[0], [0]]);
    const empty = asTrainingSplit(
      interactionMatrix({ userCount: 2, itemCount: 3, users: new Int32Array(0), items: new Int32Array(0) }),
    );
    expect(scoresOf(itemKnn({ interactions: empty, shrinkage: 0 }), [[1]])).toEqual([[0, 0, 0]]);
  });

  it("refuses a held-out part, and options out of range", () => {
    // @ts-expect-error
    expect(() => itemKnn({ interactions: { ...interactions, part: "test" } })).toThrow(InvalidOptionsError);
    expect(() => itemKnn({ interactions, neighbors: 0 })).toThrow(/^itemKnn: neighbors/);
    for (const shrinkage of [-1, Number.NaN])
      expect(() => itemKnn({ interactions, shrinkage })).toThrow(/^itemKnn: shrinkage/);
  });
});
