import { expect, it } from "vitest";
import { itemPopularity } from "./item-popularity";

it("counts the users of items, whatever their weights", () => {
  const matrix = {
    userCount: 3,
    itemCount: 4,
    offsets: Int32Array.of(0, 1, 3, 3),
    items: Int32Array.of(3, 1, 3),
    weights: Float32Array.of(1, 5, 0.5),
  };
  expect([...itemPopularity(matrix)]).toEqual([0, 1, 0, 2]);
});
