import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomGenerator } from "./random-generator";

const samples = 100_000;
const draw = (next: () => number) => Float64Array.from({ length: samples }, next);

/** The Kolmogorov–Smirnov statistic of a sample against a continuous distribution function. */
function kolmogorovSmirnov(values: Float64Array, distribution: (x: number) => number): number {
  let largest = 0;
  values.sort().forEach((value, index) => {
    const theory = distribution(value);
    largest = Math.max(
      largest,
      Math.abs(theory - index / values.length),
      Math.abs(theory - (index + 1) / values.length),
    );
  });
  return largest;
}

/** The critical value at the level 0.001. */
const critical = 1.95 / Math.sqrt(samples);

/** Φ(x), to 1e-7 (Abramowitz and Stegun, 7.1.26 applied to erf). */
function standardNormal(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - polynomial * Math.exp((-x * x) / 2);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

describe("RandomGenerator", () => {
  it("draws uniform numbers", () => {
    const random = RandomGenerator.fromSeed(1);
    expect(
      kolmogorovSmirnov(
        draw(() => random.uniform()),
        (x) => x,
      ),
    ).toBeLessThan(critical);
  });

  it("draws standard normal numbers, one by one and in bulk", () => {
    const random = RandomGenerator.fromSeed(2);
    expect(
      kolmogorovSmirnov(
        draw(() => random.normal()),
        standardNormal,
      ),
    ).toBeLessThan(critical);
    const bulk = Float64Array.from(random.fillNormal(new Float32Array(samples)));
    expect(kolmogorovSmirnov(bulk, standardNormal)).toBeLessThan(critical);
  });

  it.each([0, 0.2, 0.8, 1])(
    "draws ones with probability %d, independently of their neighbours",
    (probability) => {
      const values = RandomGenerator.fromSeed(8).fillBernoulli(new Float32Array(samples), probability);
      const share = (isCounted: (value: number, index: number) => boolean) =>
        values.filter(isCounted).length / samples;
      const deviation = Math.sqrt((probability * (1 - probability)) / samples);
      expect(Math.abs(share((value) => value === 1) - probability)).toBeLessThanOrEqual(4 * deviation);
      expect(share((value) => value === 0) + share((value) => value === 1)).toBe(1);
      const pairs = probability ** 2;
      const both = share((value, index) => value === 1 && values[(index + 1) % samples] === 1);
      expect(Math.abs(both - pairs)).toBeLessThanOrEqual(8 * deviation);
    },
  );

  it("draws integers uniformly (chi-squared, 9 degrees of freedom)", () => {
    const random = RandomGenerator.fromSeed(3);
    const counts = new Float64Array(10);
    for (let index = 0; index < samples; index += 1) counts[random.integer(10)] += 1;
    const statistic = counts.reduce((sum, count) => sum + (count - samples / 10) ** 2 / (samples / 10), 0);
    expect(statistic).toBeLessThan(27.88);
  });

  it.each([
    [2, 2, (x: number) => x * x * (3 - 2 * x)],
    [0.5, 0.5, (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
    [1, 3, (x: number) => 1 - (1 - x) ** 3],
  ])("draws from Beta(%d, %d)", (a, b, distribution) => {
    const random = RandomGenerator.fromSeed(4);
    expect(
      kolmogorovSmirnov(
        draw(() => random.beta(a, b)),
        distribution,
      ),
    ).toBeLessThan(critical);
  });

  it("draws from Gamma(1), the exponential distribution", () => {
    const random = RandomGenerator.fromSeed(5);
    expect(
      kolmogorovSmirnov(
        draw(() => random.gamma(1)),
        (x) => 1 - Math.exp(-x),
      ),
    ).toBeLessThan(critical);
  });

  it("gives a Beta number even where both Gamma numbers underflow", () => {
    const random = RandomGenerator.fromSeed(6);
    for (let index = 0; index < 1000; index += 1) {
      const value = random.beta(1e-4, 1e-4);
      expect(value >= 0 && value <= 1).toBe(true);
    }
  });

  it.each([0.1, 2])(
    "draws Dirichlet weights whose parts are Beta numbers, concentration %d",
    (concentration) => {
      const random = RandomGenerator.fromSeed(11);
      const reference = RandomGenerator.fromSeed(12);
      const draws = Array.from({ length: 20_000 }, () => random.dirichlet(3, concentration));
      for (const weights of draws.slice(0, 100))
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      // Each part is Beta(α, 2α): the two samples have the same quantiles.
      const betas = Float64Array.from(draws, () => reference.beta(concentration, 2 * concentration)).sort();
      for (const part of [0, 1, 2]) {
        const values = Float64Array.from(draws, (weights) => weights[part]).sort();
        for (const share of [0.5, 0.75, 0.9])
          expect(values[share * values.length]).toBeCloseTo(betas[share * betas.length], 1);
        expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(1 / 3, 1);
      }
    },
  );

  it("gives one Dirichlet weight everything if all Gamma numbers underflow", () => {
    const random = RandomGenerator.fromSeed(13);
    const chosen = new Set<number>();
    for (let index = 0; index < 200; index += 1) {
      const weights = random.dirichlet(3, 1e-5);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      chosen.add(weights.indexOf(Math.max(...weights)));
    }
    expect(chosen.size).toBe(3);
  });

  it("shuffles to every permutation equally often (chi-squared, 5 degrees of freedom)", () => {
    const random = RandomGenerator.fromSeed(7);
    const counts = new Map<string, number>();
    for (let index = 0; index < 60_000; index += 1) {
      const order = random.shuffle([0, 1, 2]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(counts.size).toBe(6);
    expect(statistic).toBeLessThan(20.52);
  });

  it("keeps the items of what it shuffles", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const shuffled = RandomGenerator.fromSeed(seed).shuffle([...items]);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
  });

  it("goes on from a saved state, through JSON", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 20 }), (seed, before) => {
        const random = RandomGenerator.fromSeed(seed);
        for (let index = 0; index < before; index += 1) random.normal();
        const restored = RandomGenerator.fromState(JSON.parse(JSON.stringify(random.state())));
        expect([restored.uniform(), restored.beta(2, 3), restored.fork("a", 1).uniform()]).toEqual([
          random.uniform(),
          random.beta(2, 3),
          random.fork("a", 1).uniform(),
        ]);
      }),
    );
  });

  it("forks by name, whatever was drawn before", () => {
    const random = RandomGenerator.fromSeed(8);
    const early = random.fork("noise", 3).uniform();
    random.uniform();
    expect(random.fork("noise", 3).uniform()).toBe(early);
    const others = [
      random.fork("noise", 4),
      random.fork("noises", 3),
      random.fork("noise").fork(3, 0),
      random,
    ];
    for (const other of others) expect(other.uniform()).not.toBe(early);
  });

  it("gives forks of neighbouring steps that are uncorrelated", () => {
    const random = RandomGenerator.fromSeed(9);
    const firsts = Float64Array.from({ length: samples }, (_, step) => random.fork("step", step).uniform());
    expect(kolmogorovSmirnov(firsts.slice(), (x) => x)).toBeLessThan(critical);
    let correlation = 0;
    for (let step = 1; step < samples; step += 1)
      correlation += (firsts[step - 1] - 0.5) * (firsts[step] - 0.5) * 12;
    expect(Math.abs(correlation / samples)).toBeLessThan(0.015);
  });

  it("starts a longer array of normal numbers with the shorter one's", () => {
    const long = RandomGenerator.fromSeed(10).fillNormal(new Float32Array(9));
    const short = RandomGenerator.fromSeed(10).fillNormal(new Float32Array(5));
    expect(long.subarray(0, 5)).toEqual(short);
  });

  it("gives different numbers for seeds beyond 32 bits", () => {
    const values = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) =>
      RandomGenerator.fromSeed(seed).uniform(),
    );
    expect(new Set(values).size).toBe(values.length);
  });
});
