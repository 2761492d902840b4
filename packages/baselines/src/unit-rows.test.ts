import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { smoothUnitRows, unitRows } from "./unit-rows";

const rowsOf = (rows: number[][]) => tf.tensor2d(rows);

describe("unitRows", () => {
  it.each([1, 1e-2, 1e-4, 1e-9])("keeps the direction of a row of length %d, and that only", (length) => {
    const [[x, y]] = unitRows(rowsOf([[0.6 * length, -0.8 * length]])).arraySync();
    expect(x).toBeCloseTo(0.6, 6);
    expect(y).toBeCloseTo(-0.8, 6);
  });

  it("has no gradient along a row, however short", () => {
    const [[gradient]] = tf
      .grad((rows) => unitRows(rows as tf.Tensor2D))(rowsOf([[1e-4]]))
      .arraySync() as number[][];
    expect(Math.abs(gradient)).toBeLessThan(1e-2);
  });

  it("leaves a row of zeros, with a finite gradient", () => {
    const zeros = rowsOf([[0, 0]]);
    expect(unitRows(zeros).arraySync()).toEqual([[0, 0]]);
    const gradient = tf.grad((rows) => unitRows(rows as tf.Tensor2D))(zeros);
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});

it("smoothUnitRows divides by the root of 1e-8 and the squared length", () => {
  const [[long, short, zero]] = tf
    .transpose(smoothUnitRows(rowsOf([[2], [1e-4], [0]])))
    .arraySync() as number[][];
  expect(long).toBeCloseTo(1, 6);
  expect(short).toBeCloseTo(Math.SQRT1_2, 6);
  expect(zero).toBe(0);
});
