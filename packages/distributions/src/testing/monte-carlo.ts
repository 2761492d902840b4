import { RandomGenerator } from "@dmrec/core";
import type { GaussianValues } from "./gaussian-values";

export interface Estimate {
  readonly mean: number;
  /** The standard error of the mean: the true value is within five of them, except with a probability of 6 in 10 million. */
  readonly standardError: number;
}

/** The mean of a random value over many draws. */
export function estimate(draw: (random: RandomGenerator) => number, draws = 50_000): Estimate {
  const random = RandomGenerator.fromSeed(7);
  let sum = 0;
  let sumOfSquares = 0;
  for (let count = 0; count < draws; count += 1) {
    const value = draw(random);
    sum += value;
    sumOfSquares += value * value;
  }
  const mean = sum / draws;
  return { mean, standardError: Math.sqrt((sumOfSquares / draws - mean * mean) / draws) };
}

/** Draws from the first row of a batch, in float64. */
export function drawFrom({ mean, logVariance }: GaussianValues, random: RandomGenerator): number[] {
  return mean[0].map((center, index) => center + Math.exp(logVariance[0][index] / 2) * random.normal());
}

/** log p(x) of the first row of a batch, in float64, written apart from the code under test. */
export function logDensityAt({ mean, logVariance }: GaussianValues, x: readonly number[]): number {
  return x
    .map((value, index) => {
      const deviation = Math.exp(logVariance[0][index] / 2);
      const z = (value - mean[0][index]) / deviation;
      return Math.log(Math.exp((-z * z) / 2) / (deviation * Math.sqrt(2 * Math.PI)));
    })
    .reduce((total, term) => total + term, 0);
}
