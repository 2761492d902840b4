import fc from "fast-check";
import { expect, it } from "vitest";
import { nearestNeighbours } from "./nearest-neighbours";

it("finds the nearest points, the nearest first", () => {
  const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
    maxLength: 20,
  });
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 6 }), (rows, count) => {
      const found = nearestNeighbours(
        { rowCount: rows.length, columnCount: 2, values: Float32Array.from(rows.flat()) },
        count,
      );
      const size = Math.min(count, rows.length - 1);
      const distance = (a: number, b: number) =>
        (rows[a][0] - rows[b][0]) ** 2 + (rows[a][1] - rows[b][1]) ** 2;
      for (const row of rows.keys()) {
        const distances = Array.from(found.subarray(row * size, (row + 1) * size), (other) => {
          expect(other).not.toBe(row);
          return distance(row, other);
        });
        const all = [...rows.keys()].filter((other) => other !== row).map((other) => distance(row, other));
        expect(distances).toEqual(all.sort((a, b) => a - b).slice(0, size));
      }
    }),
  );
});
