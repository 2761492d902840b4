import { InvalidOptionsError } from "@dmrec/core";
import { expect, test } from "vitest";
import { describeOnEveryBackend } from "../../../testing/backends";
import { testsOfDivergence } from "./testing/divergence-contract";
import { toGaussian } from "./testing/gaussian-values";
import { estimate } from "./testing/monte-carlo";
import { wasserstein2Distance } from "./wasserstein-distance";

const p = { mean: [[0.3, -0.8, 1.1]], logVariance: [[0.2, -1.3, 0.1]] };
const q = { mean: [[-0.2, 0.4, 0.9]], logVariance: [[0.9, 0.1, -0.2]] };

describeOnEveryBackend("wasserstein2Distance", () => {
  testsOfDivergence(wasserstein2Distance, { atEquality: Math.sqrt(1e-7) });

  test("is the root-mean-square distance of draws under the best coupling, which shares the noise", () => {
    const { mean, standardError } = estimate((random) => {
      const squares = p.mean[0].map((_, index) => {
        const noise = random.normal();
        const at = ({ mean, logVariance }: typeof p) =>
          mean[0][index] + Math.exp(logVariance[0][index] / 2) * noise;
        return (at(p) - at(q)) ** 2;
      });
      return squares.reduce((total, square) => total + square, 0);
    });
    const [value] = wasserstein2Distance(toGaussian(p), toGaussian(q)).arraySync();
    expect(Math.abs(value ** 2 - mean)).toBeLessThan(5 * standardError);
  });

  test("is symmetric, and the distance of the means for two points", () => {
    const forth = wasserstein2Distance(toGaussian(p), toGaussian(q)).arraySync();
    const back = wasserstein2Distance(toGaussian(q), toGaussian(p)).arraySync();
    expect(forth).toEqual(back);
    const points = [
      [0, 0],
      [3, 4],
    ].map((mean) => toGaussian({ mean: [mean], logVariance: [[-87, -87]] }));
    expect(wasserstein2Distance(points[0], points[1]).arraySync()).toEqual([5]);
  });

  test("adds the given ε under the root", () => {
    const [value] = wasserstein2Distance(toGaussian(p), toGaussian(p), { epsilon: 0.25 }).arraySync();
    expect(value).toBe(0.5);
    expect(() => wasserstein2Distance(toGaussian(p), toGaussian(p), { epsilon: 0 })).toThrow(
      InvalidOptionsError,
    );
  });
});
