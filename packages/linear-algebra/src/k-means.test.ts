import { type DenseMatrix, InvalidDataError, InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kMeans } from "./k-means";

const matrix = (rows: readonly (readonly number[])[]): DenseMatrix => ({
  rowCount: rows.length,
  columnCount: rows[0].length,
  values: Float32Array.from(rows.flat()),
});

describe("k-means", () => {
  it("finds blobs that lie apart", () => {
    const random = RandomGenerator.fromSeed(5);
    const centres = [
      [0, 0],
      [10, 0],
      [0, 10],
      [10, 10],
    ];
    const points = Array.from({ length: 200 }, (_, index) =>
      centres[index % 4].map((coordinate) => coordinate + random.normal()),
    );
    const { clusterOfPoint, inertia } = kMeans(matrix(points), { clusters: 4, random });
    for (let index = 4; index < 200; index += 1)
      expect(clusterOfPoint[index]).toBe(clusterOfPoint[index % 4]);
    expect(new Set(clusterOfPoint.subarray(0, 4)).size).toBe(4);
    expect(inertia / 400).toBeLessThan(1.3);
  });

  it("is the same for the same seed", () => {
    const points = matrix(Array.from({ length: 50 }, (_, index) => [Math.sin(index), Math.cos(3 * index)]));
    const run = () => kMeans(points, { clusters: 5, random: RandomGenerator.fromSeed(2) });
    expect(run()).toEqual(run());
  });

  it("leaves no cluster empty, whatever the points", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 })), { minLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (points, clusters) => {
          const { clusterOfPoint } = kMeans(matrix(points), {
            clusters,
            random: RandomGenerator.fromSeed(1),
          });
          expect(new Set(clusterOfPoint)).toEqual(new Set(Array.from({ length: clusters }).keys()));
        },
      ),
    );
  });

  it("refuses more clusters than points, no restarts, and points that are not finite", () => {
    const points = matrix([[0], [1]]);
    const random = RandomGenerator.fromSeed(1);
    expect(() => kMeans(points, { clusters: 3, random })).toThrow(InvalidOptionsError);
    expect(() => kMeans(points, { clusters: 3, random })).toThrow(/^kMeans: clusters: 3; expected at most 2/);
    expect(() => kMeans(points, { clusters: 1, random, restarts: 0 })).toThrow(/^kMeans: restarts/);
    expect(() => kMeans(points, { clusters: 1.5, random })).toThrow(InvalidOptionsError);
    // @ts-expect-error
    expect(() => kMeans(points, { clusters: 1, random: Math.random })).toThrow(/^kMeans: random: expected/);
    const damaged = () => kMeans(matrix([[0], [Number.NaN]]), { clusters: 1, random });
    expect(damaged).toThrow(InvalidDataError);
    expect(damaged).toThrow(/point 1, column 0: NaN/);
  });
});
