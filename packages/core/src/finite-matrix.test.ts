import { describe, expect, it } from "vitest";
import { InvalidDataError } from "./errors/invalid-data-error";
import { assertFiniteMatrix } from "./finite-matrix";

const matrix = (...values: number[]) => ({ rowCount: 2, columnCount: 3, values: Float32Array.from(values) });

describe("a matrix", () => {
  it.each([
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    [-Infinity, "-Infinity"],
  ])("with %d is refused, naming its row and column", (value, text) => {
    const check = () => assertFiniteMatrix(matrix(1, 2, 3, 4, value, value), "items.npy");
    expect(check).toThrow(InvalidDataError);
    expect(check).toThrow(`items.npy, row 1, column 1: ${text}; expected a finite number`);
    expect(() => assertFiniteMatrix(matrix(value, 2, 3, 4, 5, 6), "itemEmbeddings", "item")).toThrow(
      `itemEmbeddings, item 0, column 0: ${text}`,
    );
  });

  it("of finite numbers passes, an empty one too", () => {
    expect(() => assertFiniteMatrix(matrix(1, -2, 0, -0, 3e38, 1e-40), "items.npy")).not.toThrow();
    const empty = { rowCount: 2, columnCount: 0, values: new Float32Array() };
    expect(() => assertFiniteMatrix(empty, "items.npy")).not.toThrow();
  });

  it.each([undefined, null, {}, { rowCount: 1, columnCount: 1, values: [1] }])(
    "that is %j is refused",
    (none) => {
      // @ts-expect-error: what a program without types may pass.
      expect(() => assertFiniteMatrix(none, "itemEmbeddings")).toThrow(InvalidDataError);
      // @ts-expect-error: the same.
      expect(() => assertFiniteMatrix(none, "itemEmbeddings")).toThrow("itemEmbeddings: no matrix; expected");
    },
  );

  it("with more or fewer values than rows times columns is refused", () => {
    for (const count of [0, 5, 7]) {
      const check = () => assertFiniteMatrix(matrix(...new Array<number>(count).fill(0)), "itemEmbeddings");
      expect(check).toThrow(InvalidDataError);
      expect(check).toThrow(`itemEmbeddings: ${count} values; expected 2 × 3, rows times columns`);
    }
  });
});
