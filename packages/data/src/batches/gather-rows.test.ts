import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interactionMatrix, itemsOf } from "../interactions/interaction-matrix";
import { gatherRows } from "./gather-rows";

const [userCount, itemCount] = [6, 9];
const pairs = fc.array(fc.tuple(fc.nat(userCount - 1), fc.nat(itemCount - 1)), { maxLength: 60 });

describe("gatherRows", () => {
  it("gives the users' interactions row after row, in the order of the users", () => {
    fc.assert(
      fc.property(pairs, fc.array(fc.nat(userCount - 1)), (entries, chosen) => {
        const matrix = interactionMatrix({
          userCount,
          itemCount,
          users: Int32Array.from(entries, ([user]) => user),
          items: Int32Array.from(entries, ([, item]) => item),
        });
        const batch = gatherRows(matrix, Int32Array.from(chosen));
        const expected = chosen.flatMap((user, row) => [...itemsOf(matrix, user)].map((item) => [row, item]));
        expect(Array.from(batch.rows, (row, index) => [row, batch.items[index]])).toEqual(expected);
        expect(batch.weights.length).toBe(expected.length);
        expect([batch.rowCount, batch.itemCount]).toEqual([chosen.length, itemCount]);
      }),
    );
  });
});
