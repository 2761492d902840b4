import fc from "fast-check";
import { expect, it } from "vitest";
import { dot, unit } from "../../../testing/plain-math";
import { nearestItems } from "./nearest-items";
import { textTable } from "./profile-tables";

const table = (rows: readonly (readonly number[])[]) =>
  textTable({ rowCount: rows.length, columnCount: rows[0].length, values: Float32Array.from(rows.flat()) });

it("lists items by their cosines with the user, the nearest first, whatever their lengths", () => {
  const users = table([
    [1, 0],
    [0, 2],
    [-1, -1],
    [3, 3],
    [1, -0.1],
  ]);
  const items = table([
    [5, 1],
    [0, 1],
    [-2, 0],
    [0.1, 0.1],
  ]);
  expect(nearestItems({ users, items }, 2)).toEqual([
    [0, 3],
    [1, 3],
    [2, 1],
    [3, 0],
    [0, 3],
  ]);
});

it("takes all items if there are fewer, and leaves out what has no direction", () => {
  const users = table([
    [0, 0],
    [1, 0],
  ]);
  const items = table([
    [0, 0],
    [-1, 0],
    [2, 0],
  ]);
  expect(nearestItems({ users, items }, 5)).toEqual([[], [2, 1]]);
});

it("puts the lower index first if cosines are equal", () => {
  expect(
    nearestItems(
      {
        users: table([[1, 0]]),
        items: table([
          [2, 0],
          [1, 0],
          [4, 0],
        ]),
      },
      2,
    ),
  ).toEqual([[0, 1]]);
});

it("agrees with a full sort", () => {
  const vector = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 });
  const rows = fc.array(vector, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(rows, rows, fc.integer({ min: 1, max: 4 }), (users, items, count) => {
      const [left, right] = [unit(users), unit(items)];
      const actual = nearestItems({ users: table(users), items: table(items) }, count);
      actual.forEach((list, user) => {
        const cosines = right.map((item) => dot(left[user], item));
        const sorted = [...cosines].sort((a, b) => b - a).slice(0, count);
        expect(list.length).toBe(sorted.length);
        list.forEach((item, position) => {
          expect(cosines[item]).toBeCloseTo(sorted[position], 10);
        });
      });
    }),
  );
});
