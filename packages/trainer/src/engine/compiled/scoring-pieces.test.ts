import type { UserRows } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { splitIntoPieces } from "./scoring-pieces";

const rowsOfUsers = (counts: readonly number[]): UserRows => {
  const rows = counts.flatMap((count, row) => Array.from({ length: count }, () => row));
  return {
    itemCount: 50,
    rowCount: counts.length,
    users: Int32Array.from(counts.keys(), (user) => user + 100),
    rows: Int32Array.from(rows),
    items: Int32Array.from(rows.keys(), (entry) => entry % 50),
    weights: Float32Array.from(rows.keys(), (entry) => entry),
    profileEmbeddings: {
      rowCount: counts.length,
      columnCount: 2,
      values: Float32Array.from({ length: 2 * counts.length }, (_, at) => at),
    },
  };
};

it("hold all rows once and in order, in pieces of one size", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 700 }), (counts) => {
      const whole = rowsOfUsers(counts);
      const pieces = splitIntoPieces(whole);
      const sizes = new Set(pieces.map(({ rowCount }) => rowCount));
      expect(sizes.size).toBeLessThanOrEqual(1);
      const [size = 0] = sizes;
      const joined = <Part>(part: (piece: UserRows, start: number) => readonly Part[]) =>
        pieces.flatMap((piece, index) => part(piece, index * size));
      expect(joined(({ users }) => [...(users ?? [])]).slice(0, counts.length)).toEqual([
        ...(whole.users ?? []),
      ]);
      expect(joined(({ rows }, start) => Array.from(rows, (row) => row + start))).toEqual([...whole.rows]);
      expect(joined(({ items }) => [...items])).toEqual([...whole.items]);
      expect(joined(({ weights }) => [...weights])).toEqual([...whole.weights]);
      const profiles = joined(({ profileEmbeddings }) => [...(profileEmbeddings?.values ?? [])]);
      expect(profiles.slice(0, 2 * counts.length)).toEqual([...(whole.profileEmbeddings?.values ?? [])]);
    }),
  );
});

it("of one user are one user", () => {
  expect(splitIntoPieces(rowsOfUsers([3])).map(({ rowCount }) => rowCount)).toEqual([1]);
  expect(splitIntoPieces(rowsOfUsers([]))).toEqual([]);
});
