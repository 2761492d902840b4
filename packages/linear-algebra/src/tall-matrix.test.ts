import { RandomGenerator } from "@dmrec/core";
import { Matrix } from "ml-matrix";
import { expect, it } from "vitest";
import { innerProducts, type TallMatrix, timesSmall } from "./tall-matrix";

const random = RandomGenerator.fromSeed(5);

const drawn = (rowCount: number, width: number): TallMatrix => ({
  rowCount,
  width,
  values: Float64Array.from({ length: rowCount * width }, () => random.normal()),
});

const dense = ({ rowCount, width, values }: TallMatrix) => Matrix.from1DArray(rowCount, width, [...values]);

function expectClose(values: ArrayLike<number>, expected: Matrix) {
  const wanted = expected.to1DArray();
  expect(values.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries()) expect(values[index]).toBeCloseTo(value, 8);
}

// Sizes about those of the blocks, and odd ones.
const sizes = [
  [1, 1, 1],
  [3, 2, 5],
  [63, 31, 33],
  [64, 32, 1],
  [65, 33, 64],
  [200, 70, 7],
] as const;

it.each(sizes)("multiplies tall matrices of %i rows and of %i and %i columns", (rowCount, m, n) => {
  const [x, y] = [drawn(rowCount, m), drawn(rowCount, n)];
  expectClose(innerProducts(x, y), dense(x).transpose().mmul(dense(y)));
  expectClose(innerProducts(x, x), dense(x).transpose().mmul(dense(x)));
  const factor = drawn(m, n);
  const product = timesSmall(x, Float64Array.from(factor.values), n);
  expect([product.rowCount, product.width]).toEqual([rowCount, n]);
  expectClose(product.values, dense(x).mmul(dense(factor)));
});

it("multiplies matrices without rows or columns", () => {
  expect(innerProducts(drawn(0, 2), drawn(0, 3))).toEqual(new Float64Array(6));
  expect(innerProducts(drawn(4, 2), drawn(4, 0))).toEqual(new Float64Array(0));
  expect(timesSmall(drawn(4, 0), new Float64Array(0), 3).values).toEqual(new Float64Array(12));
  expect(timesSmall(drawn(4, 2), new Float64Array(0), 0).values).toEqual(new Float64Array(0));
});

it("keeps single precision", () => {
  const x = { rowCount: 1, width: 1, values: Float32Array.of(2) };
  expect(timesSmall(x, Float64Array.of(1.5), 1).values).toEqual(Float32Array.of(3));
});
