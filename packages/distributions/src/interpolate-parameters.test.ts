import { InvalidOptionsError, ShapeMismatchError } from "@dmrec/core";
import { expect, test } from "vitest";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { scale } from "./diagonal-gaussian";
import { interpolateParameters } from "./interpolate-parameters";
import { toGaussian } from "./testing/gaussian-values";

const p = toGaussian({ mean: [[1, 2]], logVariance: [[0, Math.log(16)]] });
const q = toGaussian({ mean: [[5, -2]], logVariance: [[2, 0]] });

test("interpolate mixes means and log-variances linearly, so scales geometrically", () => {
  const middle = interpolateParameters(p, q, 0.25);
  expect(middle.mean.arraySync()).toEqual([[4, -1]]);
  expect(middle.logVariance.dataSync()[0]).toBeCloseTo(1.5, 6);
  expect(scale(middle).dataSync()[1]).toBeCloseTo(4 ** 0.25, 5);
});

test("interpolate gives p for weight 1 and q for weight 0, exactly", () => {
  expect(interpolateParameters(p, q, 1).mean.arraySync()).toEqual(p.mean.arraySync());
  expect(interpolateParameters(p, q, 0).logVariance.arraySync()).toEqual(q.logVariance.arraySync());
});

test("interpolate refuses a weight outside [0, 1] and two shapes", () => {
  expect(() => interpolateParameters(p, q, 1.5)).toThrow(InvalidOptionsError);
  expect(() => interpolateParameters(p, q, Number.NaN)).toThrow(InvalidOptionsError);
  const narrow = toGaussian({ mean: [[0]], logVariance: [[0]] });
  expect(() => interpolateParameters(p, narrow, 0.5)).toThrow(ShapeMismatchError);
});

test("interpolate leaves nothing but its result", () => {
  expect(tensorsLeftBy(() => interpolateParameters(p, q, 0.5))).toBe(2);
});
