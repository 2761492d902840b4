import { type DiagonalGaussian, InvalidOptionsError } from "@dmrec/core";
import { diagonalGaussian } from "@dmrec/distributions";
import { testContext } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutMatching, withoutMixing } from "./ablations";
import { cpdm } from "./cpdm";
import { godm } from "./godm";
import type { MatchingStrategy, Posteriors } from "./matching-strategy";
import { mddm } from "./mddm";

interface Gaussian {
  readonly mean: number;
  readonly logVariance: number;
}

const gaussian = fc.record({
  mean: fc.double({ min: -3, max: 3, noNaN: true }),
  logVariance: fc.double({ min: -3, max: 3, noNaN: true }),
});

/** The closed form in one dimension, in double precision. */
const kl = (p: Gaussian, q: Gaussian) =>
  0.5 *
  (Math.exp(p.logVariance - q.logVariance) +
    (p.mean - q.mean) ** 2 / Math.exp(q.logVariance) -
    1 +
    q.logVariance -
    p.logVariance);

const standard = { mean: 0, logVariance: 0 };
const mix = (p: Gaussian, q: Gaussian, weight: number) => ({
  mean: weight * p.mean + (1 - weight) * q.mean,
  logVariance: weight * p.logVariance + (1 - weight) * q.logVariance,
});

const tensors = ({ mean, logVariance }: Gaussian): DiagonalGaussian =>
  diagonalGaussian({ mean: tf.tensor2d([[mean]]), logVariance: tf.tensor2d([[logVariance]]) });

function total(strategy: MatchingStrategy, posteriors: Posteriors, seed?: number): number {
  return tf.tidy(() =>
    Object.values(strategy.loss(posteriors, testContext(seed === undefined ? {} : { seed }))).reduce(
      (sum, term) => sum + term.dataSync()[0],
      0,
    ),
  );
}

const beta = 0.3;
const distance = (p: Gaussian, q: Gaussian) =>
  Math.hypot(p.mean - q.mean, Math.exp(p.logVariance / 2) - Math.exp(q.logVariance / 2));

type Formula = (collaborative: Gaussian, language: Gaussian, combined: Gaussian) => number;
const cases: [MatchingStrategy, Formula][] = [
  [godm({ beta }), (c, l, q) => kl(q, standard) + beta * distance(c, l)],
  [godm({ beta, klWeight: 0.3 }), (c, l, q) => 0.3 * kl(q, standard) + beta * distance(c, l)],
  [
    cpdm({ beta, mixingWeight: 0.7 }),
    (_, l, q) => kl(q, standard) + beta * (kl(q, mix(q, l, 0.7)) + kl(l, mix(q, l, 0.7))),
  ],
  [mddm({ beta }), (_, l, q) => beta * kl(q, standard) + (1 - beta) * kl(q, l)],
  [withoutMatching(), (_, __, q) => kl(q, standard)],
  [withoutMatching({ klWeight: 0.3 }), (_, __, q) => 0.3 * kl(q, standard)],
  [withoutMixing({ beta }), (_, l, q) => kl(q, standard) + beta * kl(q, l)],
  [withoutMixing({ beta, klWeight: 0.3 }), (_, l, q) => 0.3 * kl(q, standard) + beta * kl(q, l)],
];

describe.each(cases)("$name", (strategy, formula) => {
  it("adds the loss of its formula", () => {
    fc.assert(
      fc.property(gaussian, gaussian, gaussian, (collaborative, language, combined) => {
        const posteriors = {
          collaborative: tensors(collaborative),
          language: tensors(language),
          combined: tensors(combined),
        };
        const expected = formula(collaborative, language, combined);
        const actual = total(strategy, posteriors);
        expect(Math.abs(actual - expected)).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected)));
      }),
      { numRuns: 50 },
    );
  });

  it("describes itself by its name and options, as JSON", () => {
    expect(JSON.parse(JSON.stringify(strategy.configuration))).toEqual(strategy.configuration);
    expect(strategy.configuration.name).toBe(strategy.name);
  });
});

describe("mddm with a drawn β", () => {
  const one = tensors({ mean: 1, logVariance: 0.5 });
  const other = tensors({ mean: -1, logVariance: -0.5 });
  const posteriors = { collaborative: one, language: other, combined: one };

  it("mixes by a number of the step's own generator", () => {
    const strategy = mddm({ beta: { concentration: 2 } });
    const [first, again, another] = [1, 1, 2].map((seed) => total(strategy, posteriors, seed));
    expect(again).toBe(first);
    expect(another).not.toBe(first);
    const ends = [total(mddm({ beta: 0 }), posteriors), total(mddm({ beta: 1 }), posteriors)];
    expect(first).toBeGreaterThan(Math.min(...ends));
    expect(first).toBeLessThan(Math.max(...ends));
  });
});

describe("options out of range", () => {
  it.each([
    ["mddm: β above 1", () => mddm({ beta: 1.5 })],
    ["mddm: concentration 0", () => mddm({ beta: { concentration: 0 } })],
    ["godm: negative β", () => godm({ beta: -1 })],
    ["cpdm: weight above 1", () => cpdm({ beta: 1, mixingWeight: 2 })],
    ["withoutMixing: NaN", () => withoutMixing({ beta: Number.NaN })],
  ])("%s", (_, make) => {
    expect(make).toThrow(InvalidOptionsError);
  });
});
