import { pairBatch, pairRows, testContext } from "@dmrec/layers/testing";
import { expect, it } from "vitest";
import { firstOccurrences } from "./first-occurrences";

it("marks the first pair of each user and of each positive item", () => {
  const pairs = [
    [2, 4],
    [1, 4],
    [2, 0],
    [2, 4],
  ].map(([user, positive]) => ({ user, positive, negatives: [3] }));
  const context = testContext({ batch: pairRows(5, pairs) });
  const marks = (side: "users" | "positives") => [
    ...firstOccurrences(side, pairBatch(5, pairs), context).dataSync(),
  ];
  expect(marks("users")).toEqual([1, 1, 0, 0]);
  expect(marks("positives")).toEqual([1, 0, 1, 0]);
});
