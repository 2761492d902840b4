import { InvalidOptionsError, RandomGenerator } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { StepSampler } from "./step-sampler";

/** A sampler whose steps have had these losses ten times each. */
function after(...losses: number[]): StepSampler {
  const sampler = new StepSampler(losses.length);
  for (let time = 0; time < 10; time += 1) sampler.record([...losses.keys()], losses);
  return sampler;
}

describe("the sampler of diffusion steps", () => {
  it("is uniform until every step has ten losses", () => {
    const sampler = after(1, 2, 3);
    const young = new StepSampler(3);
    for (let time = 0; time < 9; time += 1) young.record([0, 1, 2], [1, 2, 3]);
    young.record([0, 1], [1, 2]);
    expect(young.probabilities()).toEqual([1 / 3, 1 / 3, 1 / 3]);
    young.record([2], [3]);
    expect(young.probabilities()).toEqual(sampler.probabilities());
  });

  it("goes by the root mean square of the last ten losses, with a thousandth spread evenly", () => {
    const sampler = after(1, 3);
    expect(sampler.probabilities()[1]).toBeCloseTo(0.999 * 0.75 + 0.001 / 2, 12);
    for (let time = 0; time < 10; time += 1) sampler.record([1], [1]);
    expect(sampler.probabilities()[1]).toBeCloseTo(0.5, 12);
    expect(after(0, 0).probabilities()).toEqual([0.5, 0.5]);
  });

  it("draws steps as often as their probabilities say", () => {
    const sampler = after(1, 0, 3, 6);
    const draws = sampler.draw(100_000, RandomGenerator.fromSeed(1));
    sampler.probabilities().forEach((probability, step) => {
      const share = draws.filter((drawn) => drawn === step).length / draws.length;
      expect(Math.abs(share - probability)).toBeLessThan(0.01);
    });
  });

  it("continues from its saved state, and refuses another's", () => {
    const sampler = after(1, 0.1, 3);
    const state = JSON.parse(JSON.stringify(sampler.serialize()));
    const restored = new StepSampler(3);
    restored.restore(state);
    for (const one of [sampler, restored]) one.record([1, 1], [5, Math.PI]);
    expect(restored.probabilities()).toEqual(sampler.probabilities());
    expect(() => new StepSampler(4).restore(state)).toThrow(InvalidOptionsError);
    expect(() => restored.restore("nothing")).toThrow(InvalidOptionsError);
  });
});
