import { type Distribution, UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { tensorsLeftBy } from "../../../testing/tensor-count";
import { createDivergenceRegistry } from "./divergence-registry";
import { klDivergence, klDivergences } from "./kl-divergence";
import { standardGaussian } from "./standard-gaussian";
import { toGaussian } from "./testing/gaussian-values";

/** A distribution of a user's own: exponential with the given rates, `[batch]`. */
interface Exponential extends Distribution {
  readonly kind: "exponential";
  readonly rate: tf.Tensor1D;
}

const exponential = (rates: number[]): Exponential => ({ kind: "exponential", rate: tf.tensor1d(rates) });

/** log λ_p − log λ_q + λ_q / λ_p − 1 */
function betweenExponentials(p: Exponential, q: Exponential): tf.Tensor1D {
  return tf.add(tf.sub(tf.log(p.rate), tf.log(q.rate)), tf.sub(tf.div(q.rate, p.rate), 1));
}

describe("a divergence registry", () => {
  test("calls the formula of the pair of kinds, with the settings", () => {
    const scaled = createDivergenceRegistry<[factor: number]>("scaled rate").register(
      ["exponential", "standard-gaussian"],
      (p: Exponential, _q, factor) => tf.mul(p.rate, factor),
    );
    expect(scaled.compute(exponential([1, 2]), standardGaussian, 3).arraySync()).toEqual([3, 6]);
  });

  test("makes klDivergence work for a kind of one's own", () => {
    klDivergences.register(["exponential", "exponential"], betweenExponentials);
    const [same, wider] = klDivergence(exponential([2, 2]), exponential([2, 1])).arraySync();
    expect(same).toBe(0);
    expect(wider).toBeCloseTo(Math.log(2) - 0.5, 6);
  });

  test("tells the two orders of a pair apart, and replaces what was registered before", () => {
    const registry = createDivergenceRegistry("toy")
      .register(["a", "b"], () => tf.tensor1d([1]))
      .register(["b", "a"], () => tf.tensor1d([2]))
      .register(["b", "a"], () => tf.tensor1d([3]));
    expect(registry.compute({ kind: "a" }, { kind: "b" }).arraySync()).toEqual([1]);
    expect(registry.compute({ kind: "b" }, { kind: "a" }).arraySync()).toEqual([3]);
  });

  test("names both kinds and those registered when a pair has no formula", () => {
    const gaussian = toGaussian({ mean: [[0]], logVariance: [[0]] });
    const unknown = () => klDivergence(gaussian, { kind: "laplace" });
    expect(unknown).toThrow(
      "no KL divergence is registered for (diagonal-gaussian, laplace); registered: " +
        "(diagonal-gaussian, diagonal-gaussian), (diagonal-gaussian, standard-gaussian)",
    );
    expect(unknown).toThrow(expect.toSatisfy((error) => UnsupportedError.isInstance(error)));
    expect(() => createDivergenceRegistry("distance").compute(gaussian, gaussian)).toThrow(
      "no distance is registered for (diagonal-gaussian, diagonal-gaussian); registered: none",
    );
  });

  test("disposes of what a formula makes on the way", () => {
    const registry = createDivergenceRegistry("KL").register(
      ["exponential", "exponential"],
      betweenExponentials,
    );
    const p = exponential([1]);
    expect(tensorsLeftBy(() => registry.compute(p, p))).toBe(1);
  });
});
