import { type DenseMatrix, InvalidDataError, InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { principalComponents } from "./principal-components";

/** Points that vary by 5 along (3, 4) / 5, by 1 across it, and not at all in the third column. */
function points(rowCount: number): DenseMatrix {
  const random = RandomGenerator.fromSeed(2);
  const values = Array.from({ length: rowCount }, () => {
    const [along, across] = [5 * random.normal(), random.normal()];
    return [10 + 0.6 * along - 0.8 * across, 0.8 * along + 0.6 * across, 7];
  });
  return { rowCount, columnCount: 3, values: Float32Array.from(values.flat()) };
}

const column = ({ columnCount, values }: DenseMatrix, index: number) =>
  Array.from(values).filter((_, position) => position % columnCount === index);
const covariance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, index) => sum + value * b[index], 0) / (a.length - 1);

describe("principalComponents", () => {
  it("are centred, uncorrelated, and ordered by variance", () => {
    const result = principalComponents(points(2000), { count: 2 });
    const [first, second] = [column(result, 0), column(result, 1)];
    expect(Math.abs(first.reduce((sum, value) => sum + value, 0) / 2000)).toBeLessThan(1e-4);
    expect(Math.sqrt(covariance(first, first))).toBeCloseTo(5, 0);
    expect(Math.sqrt(covariance(second, second))).toBeCloseTo(1, 1);
    expect(Math.abs(covariance(first, second))).toBeLessThan(1e-3);
  });

  it("have the variance 1 if they are whitened, and columns of zeros beyond the rank", () => {
    const result = principalComponents(points(500), { count: 3, whiten: true });
    for (const index of [0, 1]) {
      const values = column(result, index);
      expect(covariance(values, values)).toBeCloseTo(1, 4);
    }
    expect(column(result, 2).every((value) => value === 0)).toBe(true);
  });

  it("are the same for a few of many columns, which are found by iteration", () => {
    const random = RandomGenerator.fromSeed(3);
    const [rowCount, wide, narrow] = [400, 300, 20];
    // Variances fall, as those of embeddings do; the further columns repeat the first ones.
    const rows = Array.from({ length: rowCount }, () =>
      Array.from({ length: narrow }, (_, index) => random.normal() * 0.8 ** index),
    );
    const matrix = (columnCount: number): DenseMatrix => ({
      rowCount,
      columnCount,
      values: Float32Array.from(
        rows.flatMap((row) => Array.from({ length: columnCount }, (_, index) => row[index % narrow])),
      ),
    });
    const iterated = principalComponents(matrix(wide), { count: 6 });
    const exact = principalComponents(matrix(narrow), { count: 6 });
    for (let index = 0; index < 6; index += 1) {
      const [a, b] = [column(iterated, index), column(exact, index)];
      const scale = Math.sign(a[0] * b[0]) * Math.sqrt(wide / narrow);
      const largest = Math.max(...b.map(Math.abs));
      a.forEach((value, row) => {
        expect(Math.abs(value - scale * b[row])).toBeLessThan(1e-4 * largest * Math.abs(scale));
      });
    }
  });

  it("refuse a single point, points that are not finite, and more or fewer components than there can be", () => {
    expect(() => principalComponents(points(1), { count: 1 })).toThrow(InvalidDataError);
    expect(() => principalComponents(points(5), { count: 4 })).toThrow(InvalidOptionsError);
    expect(() => principalComponents(points(5), { count: 4 })).toThrow(/4 components; expected at most 3/);
    expect(() => principalComponents(points(5), { count: 0 })).toThrow(/^principalComponents: count/);
    const damaged = { rowCount: 2, columnCount: 1, values: Float32Array.of(1, Number.POSITIVE_INFINITY) };
    expect(() => principalComponents(damaged, { count: 1 })).toThrow(/point 1, column 0: Infinity/);
  });
});
