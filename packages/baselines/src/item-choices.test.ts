import { trainingInteractions } from "@dmrec/layers/testing";
import { expect, it } from "vitest";
import { chooseByProfile, popularCandidates } from "./item-choices";
import { textTable } from "./profile-tables";

const table = (rows: readonly (readonly number[])[]) =>
  textTable({ rowCount: rows.length, columnCount: rows[0].length, values: Float32Array.from(rows.flat()) });
const texts = {
  users: table([
    [1, 0],
    [0, -3],
    [0, 0],
  ]),
  items: table([
    [2, 2],
    [0.1, 0],
    [-5, 1],
    [0, 4],
    [0, 0],
  ]),
};

it("likes the candidate of the closest profile, and dislikes that of the farthest", () => {
  const candidates = [
    [0, 1, 3],
    [3, 2, 0],
    [0, 1],
  ];
  expect(chooseByProfile(texts, candidates)).toEqual([
    { liked: 1, disliked: 3 },
    { liked: 2, disliked: 3 },
    // This user's profile has no direction.
    undefined,
  ]);
});

it("does not choose among fewer than two candidates that have a profile", () => {
  expect(chooseByProfile(texts, [[], [2], [0, 1]])).toEqual([undefined, undefined, undefined]);
  expect(chooseByProfile(texts, [[4, 0], [0, 4, 2], []])).toEqual([
    undefined,
    { liked: 2, disliked: 0 },
    undefined,
  ]);
});

it("takes the earlier candidate for the closer one if cosines are equal", () => {
  const alike = {
    users: table([[1, 0]]),
    items: table([
      [1, 0],
      [2, 0],
      [3, 0],
    ]),
  };
  expect(chooseByProfile(alike, [[2, 0, 1]])).toEqual([{ liked: 2, disliked: 1 }]);
});

it("lists popular items that the user has not interacted with, fewer if there are no more", () => {
  // Users count, not their weights.
  const interactions = trainingInteractions(4, [[1], [{ item: 0, weight: 9 }, 1, 3], [1, 3], [0, 1, 2, 3]]);
  expect(popularCandidates(interactions, 2)).toEqual([[3, 0], [2], [0, 2], []]);
});
