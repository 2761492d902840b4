import { ShapeMismatchError } from "@dmrec/core";
import { expect, test } from "vitest";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { addParameters } from "./add-parameters";
import { toGaussian } from "./testing/gaussian-values";

const p = toGaussian({ mean: [[1, 2]], logVariance: [[0.5, -1]] });
const q = toGaussian({ mean: [[10, -2]], logVariance: [[0.25, 3]] });

test("addParameters adds the means and the log-variances", () => {
  const sum = addParameters(p, q);
  expect(sum.mean.arraySync()).toEqual([[11, 0]]);
  expect(sum.logVariance.arraySync()).toEqual([[0.75, 2]]);
});

test("addParameters refuses two shapes and leaves nothing but its result", () => {
  expect(() => addParameters(p, toGaussian({ mean: [[0]], logVariance: [[0]] }))).toThrow(ShapeMismatchError);
  expect(tensorsLeftBy(() => addParameters(p, q))).toBe(2);
});
