import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interactionMatrix, itemPopularity, itemsOf, rowsOf } from "./interaction-matrix";

const [userCount, itemCount] = [6, 9];
const pairs = fc.array(fc.tuple(fc.nat(userCount - 1), fc.nat(itemCount - 1)), { maxLength: 60 });

const matrixOf = (entries: readonly (readonly [number, number])[]) =>
  interactionMatrix({
    userCount,
    itemCount,
    users: Int32Array.from(entries, ([user]) => user),
    items: Int32Array.from(entries, ([, item]) => item),
  });

describe("interactionMatrix", () => {
  it("holds each pair once, items ascending within users", () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const matrix = matrixOf(entries);
        for (let user = 0; user < userCount; user += 1) {
          const expected = [...new Set(entries.filter(([u]) => u === user).map(([, item]) => item))].sort(
            (a, b) => a - b,
          );
          expect([...itemsOf(matrix, user)]).toEqual(expected);
        }
        expect(matrix.offsets[userCount]).toBe(matrix.items.length);
        expect(matrix.weights.every((weight) => weight === 1)).toBe(true);
      }),
    );
  });

  it("keeps the last weight of a repeated pair", () => {
    const twice = {
      users: Int32Array.of(1, 1, 0),
      items: Int32Array.of(4, 4, 2),
      weights: Float32Array.of(3, 5, 7),
    };
    const matrix = interactionMatrix({ userCount, itemCount, ...twice });
    expect([...matrix.items]).toEqual([2, 4]);
    expect([...matrix.weights]).toEqual([7, 5]);
  });

  it("counts the users of items", () => {
    expect([
      ...itemPopularity(
        matrixOf([
          [0, 3],
          [1, 3],
          [1, 8],
        ]),
      ),
    ]).toEqual([0, 0, 0, 2, 0, 0, 0, 0, 1]);
  });
});

describe("rowsOf", () => {
  it("gives the users' interactions row after row, in the order of the users", () => {
    fc.assert(
      fc.property(pairs, fc.array(fc.nat(userCount - 1)), (entries, chosen) => {
        const matrix = matrixOf(entries);
        const batch = rowsOf(matrix, Int32Array.from(chosen));
        const expected = chosen.flatMap((user, row) => [...itemsOf(matrix, user)].map((item) => [row, item]));
        expect(Array.from(batch.rows, (row, index) => [row, batch.items[index]])).toEqual(expected);
        expect(batch.weights.length).toBe(expected.length);
      }),
    );
  });
});
