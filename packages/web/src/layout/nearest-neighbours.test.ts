import { RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { nearestNeighbours } from "./nearest-neighbours";

it("finds the nearest of a few points, the nearest first", () => {
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

it("misses few of the nearest of many points", () => {
  const [rowCount, columnCount, count] = [1500, 12, 10];
  const random = RandomGenerator.fromSeed(3);
  const values = Float32Array.from({ length: rowCount * columnCount }, () => random.normal());
  const found = nearestNeighbours({ rowCount, columnCount, values }, count);
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let column = 0; column < columnCount; column += 1)
      sum += (values[a * columnCount + column] - values[b * columnCount + column]) ** 2;
    return sum;
  };
  let exact = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const distances = Float64Array.from({ length: rowCount }, (_, other) => distance(row, other)).sort();
    // The first is the point itself.
    for (const other of found.subarray(row * count, (row + 1) * count))
      exact += Number(distance(row, other) <= distances[count]);
  }
  expect(exact / found.length).toBeGreaterThan(0.9);
});
