import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { noiseSchedule, signalToNoiseWeights } from "./noise-schedule";

const file = resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden", "latent-diffusion.json");

it.skipIf(!existsSync(file))(`gives the schedule of ${file}`, () => {
  const { steps, noiseScale, noiseMin, noiseMax, schedule } = JSON.parse(readFileSync(file, "utf8"));
  const own = noiseSchedule({
    schedule: "linear-var",
    steps,
    noiseScale,
    noiseMinimum: noiseMin,
    noiseMaximum: noiseMax,
  });
  const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
    [own.betas, schedule.betas],
    [own.cumulativeAlphas, schedule.alphasCumprod],
    [own.posterior.startWeights, schedule.posteriorMeanCoefficientX0],
    [own.posterior.noisyWeights, schedule.posteriorMeanCoefficientXt],
    [own.posterior.variances, schedule.posteriorVariance],
    [signalToNoiseWeights(own), schedule.lossWeight],
  ];
  for (const [actual, expected] of pairs) {
    expect(actual.length).toBe(steps);
    actual.forEach((value, step) => {
      const error = Math.abs(value - expected[step]) / Math.max(1e-12, Math.abs(expected[step]));
      expect(expected[step] === 0 ? Math.abs(value) : error).toBeLessThan(1e-9);
    });
  }
});
