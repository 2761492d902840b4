import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interactionMatrix, itemsOf, toEntries } from "./interaction-matrix";

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

  it("gives its entries back, of which the same matrix is made", () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const matrix = matrixOf(entries);
        expect(interactionMatrix(toEntries(matrix))).toEqual(matrix);
      }),
    );
  });

  it.each([
    ["a user beyond", { users: [0, 6], items: [1, 1] }, /entry 1: user 6; expected an index below 6/],
    ["a negative item", { users: [0, 1], items: [-1, 1] }, /entry 0: item -1; expected an index below 9/],
    ["fewer items", { users: [0, 1], items: [1] }, /1 items; expected 2, as many as users/],
    [
      "a weight of 0",
      { users: [0], items: [1], weights: [0] },
      /entry 0: weight 0; expected a finite positive/,
    ],
    ["a weight of NaN", { users: [0], items: [1], weights: [Number.NaN] }, /entry 0: weight NaN/],
  ])("refuses %s", (_, { users, items, weights }: Record<string, number[]>, message) => {
    const entries = { userCount, itemCount, users: Int32Array.from(users), items: Int32Array.from(items) };
    const make = () =>
      interactionMatrix(weights ? { ...entries, weights: Float32Array.from(weights) } : entries);
    expect(make).toThrow(InvalidDataError);
    expect(make).toThrow(message);
  });
});
