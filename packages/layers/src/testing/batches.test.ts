import { describe, expect, it } from "vitest";
import { pairBatch, trainingInteractions, userBatch, userRows } from "./batches";

describe("userBatch", () => {
  it("takes items with and without weights", () => {
    const batch = userBatch(5, [[3, 0], [], [{ item: 4, weight: 2 }]]);
    expect(batch).toMatchObject({ userCount: 3, itemCount: 5 });
    expect(batch.users?.arraySync()).toEqual([0, 1, 2]);
    expect(batch.rows.arraySync()).toEqual([0, 0, 2]);
    expect(batch.items.arraySync()).toEqual([3, 0, 4]);
    expect(batch.weights.arraySync()).toEqual([1, 1, 2]);
    expect("profileEmbeddings" in batch).toBe(false);
  });

  it("takes users who are not in the dataset, and profiles", () => {
    const batch = userBatch(5, [[]], { users: "unknown", profileEmbeddings: [[1, 2]] });
    expect("users" in batch).toBe(false);
    expect(batch.profileEmbeddings?.arraySync()).toEqual([[1, 2]]);
    expect(userRows(5, [[]], { users: [7] }).users).toEqual(Int32Array.of(7));
  });
});

it("pairBatch has a row of negatives for each pair", () => {
  const batch = pairBatch(5, [
    { user: 1, positive: 4, negatives: [0] },
    { user: 0, positive: 2, negatives: [1] },
  ]);
  expect(batch).toMatchObject({ pairCount: 2, itemCount: 5 });
  expect(batch.negatives.arraySync()).toEqual([[0], [1]]);
});

it("trainingInteractions are compressed rows", () => {
  expect(trainingInteractions(5, [[{ item: 1, weight: 2 }, 3], [], [4]])).toEqual({
    part: "train",
    userCount: 3,
    itemCount: 5,
    offsets: Int32Array.of(0, 2, 2, 3),
    items: Int32Array.of(1, 3, 4),
    weights: Float32Array.of(2, 1, 1),
  });
});
