import { InvalidDataError } from "@dmrec/core";
import { expect, it } from "vitest";
import { assertFinite } from "./finite";

const matrix = (...values: number[]) => ({ rowCount: 2, columnCount: 3, values: Float32Array.from(values) });

it.each([
  [NaN, "NaN"],
  [Infinity, "Infinity"],
  [-Infinity, "-Infinity"],
])("%d is named with its row and column", (value, text) => {
  const check = () => assertFinite(matrix(1, 2, 3, 4, value, 6), "items.npy");
  expect(check).toThrow(InvalidDataError);
  expect(check).toThrow(`items.npy, row 1, column 1: ${text}; expected a finite number`);
});

it("finite numbers and empty matrices pass", () => {
  expect(() => assertFinite(matrix(1, -2, 0, -0, 3e38, 1e-40), "items.npy")).not.toThrow();
  expect(() =>
    assertFinite({ rowCount: 2, columnCount: 0, values: new Float32Array() }, "items.npy"),
  ).not.toThrow();
});
