import { expect, it } from "vitest";
import { blocksOf, lowestScore, mergeRankings } from "./merge-rankings";

it("covers all items with blocks that a card ranks in one operation", () => {
  expect(blocksOf(2048)).toEqual({ count: 1, width: 2048 });
  for (const items of [1, 2049, 9332, 300_000]) {
    const { count, width } = blocksOf(items);
    expect(width).toBeLessThanOrEqual(2048);
    expect(count * width).toBeGreaterThanOrEqual(items);
    expect((count - 1) * width).toBeLessThan(items);
  }
});

it("ranks the best of all blocks of a row, the lower index first, without what is left out", () => {
  const rankings = {
    // Two rows of two blocks of three items, the best two of each.
    values: Float32Array.of(0, 0, 9, 1, 5, 2, 5, lowestScore),
    places: Int32Array.of(0, 1, 2, 0, 1, 0, 2, 1),
    blocks: { count: 2, width: 3 },
  };
  const size = { rowCount: 2, count: 3 };
  expect([...mergeRankings(rankings, 0, size)]).toEqual([5, 3, 0]);
  expect([...mergeRankings(rankings, 1, size)]).toEqual([1, 5, 0]);
  expect([...mergeRankings(rankings, 1, { rowCount: 2, count: 9 })]).toEqual([1, 5, 0]);
});
