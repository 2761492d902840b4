import type { RandomGenerator } from "@dmrec/core";
import { type SearchOption, type Settings, shareOf, valueAt } from "./search-space";

/** Settings that were tried. */
export interface Observation {
  readonly settings: Settings;
  /** The metric, higher is better; −∞ for settings that failed. */
  readonly value: number;
}

/** The share of observations that are good, the γ of the paper, and the most of them: the defaults of Optuna. */
const [goodShare, mostGood] = [0.1, 25];
/** Settings that are drawn where good ones are dense, of which the best are taken. */
const candidates = 24;
/** The width of a kernel around one observation, as a share of an option's values: the constant of Optuna. */
const width = 0.2;
/** The probability that a kernel draws any of an option's choices instead of its own. */
const otherChoice = 0.2;

/**
 * Settings that promise more than the tried ones: a tree-structured Parzen estimator (Bergstra et al. 2011, section 4), with one
 * density for all options together (Falkner et al. 2018, section 3), because the best value of one may depend on another. The good
 * settings have a density l, the others g. Of some settings drawn from l, those with the largest l(x)/g(x) are taken, which
 * maximises the expected improvement (Bergstra et al. 2011, eq. 14).
 *
 * Without observations it draws uniformly.
 */
export function promisingSettings(
  space: readonly SearchOption[],
  observations: readonly Observation[],
  random: RandomGenerator,
): Settings {
  const sorted = observations.toSorted((a, b) => (b.value > a.value ? 1 : b.value < a.value ? -1 : 0));
  const points = sorted.map(({ settings }) => space.map((option) => shareOf(option, settings[option.name])));
  const good = Math.min(mostGood, Math.ceil(goodShare * points.length));
  const l = new Density(space, points.slice(0, good));
  const g = new Density(space, points.slice(good));
  let [best, bestRatio]: [Point, number] = [[], Number.NEGATIVE_INFINITY];
  for (let candidate = 0; candidate < candidates; candidate += 1) {
    const point = l.draw(random);
    const ratio = l.at(point) / g.at(point);
    if (ratio > bestRatio) [best, bestRatio] = [point, ratio];
  }
  return Object.fromEntries(space.map((option, index) => [option.name, valueAt(option, best[index])]));
}

/** The share of each option, from 0 to 1 without 1. */
type Point = readonly number[];

/** A kernel around each point, and the uniform density as a prior of the weight of one point. */
class Density {
  readonly #space: readonly SearchOption[];
  readonly #points: readonly Point[];
  readonly #width: number;

  constructor(space: readonly SearchOption[], points: readonly Point[]) {
    this.#space = space;
    this.#points = points;
    // Scott's rule: kernels are narrower the more points there are.
    this.#width = width * Math.max(1, points.length) ** (-1 / (space.length + 4));
  }

  at(point: Point): number {
    const kernels = this.#points.map((center) =>
      this.#space.reduce(
        (product, option, index) => product * this.#kernel(option, point[index], center[index]),
        1,
      ),
    );
    return kernels.reduce((sum, value) => sum + value, 1) / (1 + kernels.length);
  }

  draw(random: RandomGenerator): Point {
    const kernel = random.integer(1 + this.#points.length);
    if (kernel === this.#points.length) return this.#space.map(() => random.uniform());
    return this.#space.map((option, index) => this.#drawNear(option, this.#points[kernel][index], random));
  }

  #kernel(option: SearchOption, share: number, center: number): number {
    if (option.kind === "range")
      return Math.exp(-(((share - center) / this.#width) ** 2) / 2) / (this.#width * Math.sqrt(2 * Math.PI));
    const count = option.values.length;
    const isSame = Math.floor(share * count) === Math.floor(center * count);
    return otherChoice + (isSame ? (1 - otherChoice) * count : 0);
  }

  #drawNear(option: SearchOption, center: number, random: RandomGenerator): number {
    if (option.kind === "choice") return random.uniform() < otherChoice ? random.uniform() : center;
    for (;;) {
      const share = center + this.#width * random.normal();
      if (share >= 0 && share < 1) return share;
    }
  }
}
