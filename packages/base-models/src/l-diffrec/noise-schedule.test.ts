import { describe, expect, it } from "vitest";
import { noiseErrorWeights, noiseSchedule, scheduleNames, signalToNoiseWeights } from "./noise-schedule";

const options = { steps: 8, noiseScale: 0.5, noiseMinimum: 0.01, noiseMaximum: 0.4 };

describe.each(scheduleNames)("the %s schedule", (schedule) => {
  const { betas, cumulativeAlphas, posterior } = noiseSchedule({ ...options, schedule });

  it("takes a share of the signal in every step, and never all", () => {
    expect(betas).toHaveLength(8);
    for (const beta of betas) expect(beta > 0 && beta < 1).toBe(true);
    cumulativeAlphas.forEach((alpha, step) => {
      expect(alpha).toBeLessThan(step === 0 ? 1 : cumulativeAlphas[step - 1]);
      expect(alpha).toBeGreaterThan(0);
    });
  });

  it("ends at z₀: the posterior of the first step is what is predicted, without variance", () => {
    expect(posterior.startWeights[0]).toBeCloseTo(1, 10);
    expect([posterior.noisyWeights[0], posterior.variances[0]]).toEqual([0, 0]);
  });

  it("weights every step's error by something positive", () => {
    for (const weights of [signalToNoiseWeights, noiseErrorWeights]) {
      const values = weights(noiseSchedule({ ...options, schedule }));
      expect(values[0]).toBe(1);
      for (const weight of values) expect(weight > 0 && Number.isFinite(weight)).toBe(true);
    }
  });
});

it("makes the cumulative variance of linear-var, and the steps of linear, rise evenly", () => {
  const variances = noiseSchedule({ ...options, schedule: "linear-var" }).cumulativeAlphas.map((a) => 1 - a);
  const { betas } = noiseSchedule({ ...options, schedule: "linear" });
  for (const values of [variances, betas]) {
    values.forEach((value, step) => {
      expect(value).toBeCloseTo(0.5 * (0.01 + (step / 7) * 0.39), 10);
    });
  }
});

it("counts down to certainty in binomial: 1 / (T − t + 1)", () => {
  const { betas } = noiseSchedule({ ...options, steps: 3, schedule: "binomial" });
  expect(betas).toEqual([1 / 4, 1 / 3, 1 / 2]);
});

it("takes a single step", () => {
  for (const schedule of scheduleNames)
    expect(noiseSchedule({ ...options, steps: 1, schedule }).betas).toHaveLength(1);
});

it("weights three steps as the formulas say", () => {
  // β = 0.1, 0.2, 0.3, so that ᾱ = 0.9, 0.72, 0.504, and ᾱ / (1 − ᾱ) = 9, 18 / 7, 63 / 62.
  const three = { steps: 3, noiseScale: 1, noiseMinimum: 0.1, noiseMaximum: 0.3 };
  const schedule = noiseSchedule({ ...three, schedule: "linear" });
  for (const [weights, expected] of [
    [signalToNoiseWeights, [1, 9 - 18 / 7, 18 / 7 - 63 / 62]],
    [noiseErrorWeights, [1, 0.28 / (0.1 ** 2 * 0.8), 0.496 / (0.28 ** 2 * 0.7)]],
  ] as const)
    weights(schedule).forEach((weight, step) => {
      expect(weight).toBeCloseTo(expected[step], 10);
    });
});
