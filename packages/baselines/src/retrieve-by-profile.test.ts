import { InvalidDataError, InvalidOptionsError, ShapeMismatchError } from "@dmrec/core";
import { expect, it } from "vitest";
import { retrieveByProfile } from "./retrieve-by-profile";

const matrix = (rows: readonly (readonly number[])[]) => ({
  rowCount: rows.length,
  columnCount: rows[0].length,
  values: Float32Array.from(rows.flat()),
});
const items = matrix([
  [1, 0],
  [3, 3],
  [0, 1],
]);

it("retrieves the items in the direction of a user's profile, whatever their length", () => {
  const users = matrix([
    [1, 1],
    [0, 2],
    [0, 0],
  ]);
  expect(retrieveByProfile({ users, items }, 2)).toEqual([[1, 0], [2, 1], []]);
});

it("refuses embeddings that cannot be compared, and a count of nothing", () => {
  const users = matrix([[1, 1]]);
  expect(() => retrieveByProfile({ users: matrix([[1, 1, 1]]), items }, 2)).toThrow(ShapeMismatchError);
  expect(() => retrieveByProfile({ users: matrix([[1, Number.NaN]]), items }, 2)).toThrow(InvalidDataError);
  expect(() => retrieveByProfile({ users, items }, 0)).toThrow(InvalidOptionsError);
});
