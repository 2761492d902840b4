import { expect, it } from "vitest";
import { userBatch } from "./testing";
import { unitLengthWeights } from "./unit-length-weights";

it("scales each user's weights to length 1, and leaves padding at 0", () => {
  const batch = userBatch(3, [
    [
      { item: 0, weight: 3 },
      { item: 2, weight: 4 },
    ],
    [{ item: 1, weight: 0 }],
    [],
  ]);
  const weights = [...unitLengthWeights(batch).dataSync()];
  [0.6, 0.8, 0].forEach((value, index) => {
    expect(weights[index]).toBeCloseTo(value, 6);
  });
});
