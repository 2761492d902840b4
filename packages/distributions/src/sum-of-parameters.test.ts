import { ShapeMismatchError } from "@dmrec/core";
import { expect, test } from "vitest";
import { sumOfParameters } from "./sum-of-parameters";
import { toGaussian } from "./testing/gaussian-values";
import { tensorsLeftBy } from "./testing/tensor-count";

const p = toGaussian({ mean: [[1, 2]], logVariance: [[0.5, -1]] });
const q = toGaussian({ mean: [[10, -2]], logVariance: [[0.25, 3]] });

test("sumOfParameters adds the means and the log-variances", () => {
  const sum = sumOfParameters(p, q);
  expect(sum.mean.arraySync()).toEqual([[11, 0]]);
  expect(sum.logVariance.arraySync()).toEqual([[0.75, 2]]);
});

test("sumOfParameters refuses two shapes and leaves nothing but its result", () => {
  expect(() => sumOfParameters(p, toGaussian({ mean: [[0]], logVariance: [[0]] }))).toThrow(
    ShapeMismatchError,
  );
  expect(tensorsLeftBy(() => sumOfParameters(p, q))).toBe(2);
});
