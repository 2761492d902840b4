import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator as BitGenerator } from "pure-rand/types/RandomGenerator";
import { zigguratNormal } from "./ziggurat";

/** The saved state of a generator; JSON. */
export type RandomState = readonly number[];

/**
 * A seeded source of random numbers, passed where randomness is needed; there is no global one.
 *
 * The bits are those of xoroshiro128+. The same seed gives the same numbers on every platform.
 */
export class RandomGenerator {
  readonly #key: RandomState;
  readonly #bits: BitGenerator;

  private constructor(key: RandomState, state: RandomState) {
    this.#key = key;
    this.#bits = xoroshiro128plusFromState(state);
  }

  /** A generator for a seed: any integer from 0 to 2^53 − 1. */
  static fromSeed(seed: number): RandomGenerator {
    const key = hashKeys([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef], [seed]);
    return new RandomGenerator(key, key);
  }

  /** The generator that gave this state, at the point of its `state()` call. */
  static fromState(state: RandomState): RandomGenerator {
    return new RandomGenerator(state.slice(0, 4), state.slice(4));
  }

  /** The state to save; {@link RandomGenerator.fromState} goes on from it. */
  state(): RandomState {
    return [...this.#key, ...this.#bits.getState()];
  }

  /**
   * An independent generator for a name, e.g. `fork("dropout", step)`.
   *
   * It depends only on the seed and the keys, not on earlier draws, and draws nothing from this generator.
   */
  fork(...keys: readonly (string | number)[]): RandomGenerator {
    const key = hashKeys(this.#key, keys);
    return new RandomGenerator(key, key);
  }

  /** A uniform number in [0, 1), with 53 random bits. */
  uniform(): number {
    const high = this.#bits.next() >>> 5;
    const low = this.#bits.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** A uniform integer in [0, bound); `bound` is a positive integer. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A standard normal number. */
  normal(): number {
    return zigguratNormal(this.#bits);
  }

  /** Fills an array with standard normal numbers. A longer array starts with the same numbers. */
  fillNormal(values: Float32Array): Float32Array {
    const bits = this.#bits;
    for (let index = 0; index < values.length; index += 1) values[index] = zigguratNormal(bits);
    return values;
  }

  /** Fills an array with ones and zeros: each is 1 with this probability, to 32 bits. */
  fillBernoulli(values: Float32Array, probability: number): Float32Array {
    const bits = this.#bits;
    const bound = probability * 0x100000000;
    for (let index = 0; index < values.length; index += 1) values[index] = bits.next() >>> 0 < bound ? 1 : 0;
    return values;
  }

  /** A number of the Gamma distribution with scale 1 (Marsaglia and Tsang, 2000); `shape` > 0. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** A number of the Beta distribution, in [0, 1]; `a`, `b` > 0. */
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    const y = this.gamma(b);
    // Both underflow for very small a and b, for which the distribution is a coin of weight a / (a + b).
    return x + y > 0 ? x / (x + y) : Number(this.uniform() < a / (a + b));
  }

  /** Weights of the symmetric Dirichlet distribution, `count` of them with the sum 1; `concentration` > 0. */
  dirichlet(count: number, concentration: number): number[] {
    const gammas = Array.from({ length: count }, () => this.gamma(concentration));
    const sum = gammas.reduce((total, gamma) => total + gamma, 0);
    if (sum > 0) return gammas.map((gamma) => gamma / sum);
    // All underflow for a very small concentration, for which one weight is 1.
    const chosen = this.integer(count);
    return gammas.map((_, index) => Number(index === chosen));
  }

  /** Shuffles an array in place (Fisher and Yates) and returns it. */
  shuffle<Items extends { length: number; [index: number]: unknown }>(items: Items): Items {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.integer(last + 1);
      [items[last], items[other]] = [items[other], items[last]];
    }
    return items;
  }
}

/** Mixes keys into a 128-bit state: the multiply-and-rotate steps of MurmurHash3 on four lanes. */
function hashKeys(state: RandomState, keys: readonly (string | number)[]): RandomState {
  const lanes = Int32Array.from(state);
  const absorb = (word: number) => {
    for (let lane = 0; lane < 4; lane += 1) {
      lanes[lane] = finalise(lanes[lane] ^ Math.imul(word + lane, 0xcc9e2d51)) + lanes[(lane + 1) % 4];
    }
  };
  for (const key of keys) {
    if (typeof key === "number") {
      absorb(1);
      absorb(key | 0);
      absorb(Math.floor(key / 0x100000000) | 0);
    } else {
      absorb(2);
      for (let index = 0; index < key.length; index += 1) absorb(key.charCodeAt(index));
    }
    absorb(3);
  }
  for (let round = 0; round < 4; round += 1) absorb(round);
  if (lanes.every((lane) => lane === 0)) lanes[0] = 1; // the one state that xoroshiro128+ cannot leave
  return [...lanes];
}

function finalise(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
