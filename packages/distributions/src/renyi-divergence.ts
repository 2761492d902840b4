import { type DiagonalGaussian, type Distribution, parseOptions } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { assertSameShape, standardized } from "./diagonal-gaussian";
import { createDivergenceRegistry } from "./divergence-registry";

export interface RenyiOptions {
  /**
   * α, at least 1e-6 and not 1. The larger it is, the more the regions count in which p has mass and q has little.
   */
  readonly order: number;
}

const optionsSchema = z.strictObject({
  order: z
    .number()
    .min(1e-6)
    .refine((order) => order !== 1, "must not be 1, the order of the KL divergence: use klDivergence"),
}) satisfies z.ZodType<RenyiOptions>;

/** The formulas of {@link renyiDivergence}, which also take α. */
export const renyiDivergences = createDivergenceRegistry<[order: number]>("Rényi divergence").register(
  ["diagonal-gaussian", "diagonal-gaussian"],
  betweenDiagonals,
);

/**
 * The Rényi divergence of order α, D_α(p ‖ q) = log E_q (p/q)^α / (α − 1), for each row of a batch, `[batch]`, in nats.
 *
 * It tends to KL(p ‖ q) as α tends to 1. For α > 1 the integral diverges if p is too wide for q, i.e. if
 * α σ_q² + (1 − α) σ_p² ≤ 0 in some dimension: such a row is +∞ and its gradient is 0. Log-variances of p and q may
 * differ by up to 88, the range of float32. Known pair: two diagonal Gaussians.
 *
 * @throws UnsupportedError for a pair that is not in {@link renyiDivergences}.
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError
 */
export function renyiDivergence(p: Distribution, q: Distribution, options: RenyiOptions): tf.Tensor1D {
  const { order } = parseOptions("renyiDivergence", optionsSchema, options);
  return renyiDivergences.compute(p, q, order);
}

/**
 * ½ Σ (α (μ_p − μ_q)² / (v σ_q²) − r + log v / (1 − α)), r = log σ_p² − log σ_q², v = α + (1 − α) e^r: the mixed
 * variance α σ_q² + (1 − α) σ_p² in units of σ_q² (Gil et al. 2013).
 */
function betweenDiagonals(p: DiagonalGaussian, q: DiagonalGaussian, order: number): tf.Tensor1D {
  assertSameShape(p, q);
  const logRatio: tf.Tensor2D = tf.sub(p.logVariance, q.logVariance);
  const mixed: tf.Tensor2D = tf.mul(1 - order, tf.expm1(logRatio)); // v − 1

  // 1 replaces a v that is not positive, so that neither the sum nor its gradient is NaN; such a row is +∞ below.
  const tooWide = tf.greaterEqual(-1, mixed);
  const finiteMixed = tf.where(tooWide, tf.zerosLike(mixed), mixed);
  const squared = tf.div(tf.square(standardized(q, p.mean)), tf.add(1, finiteMixed));
  const logarithms = tf.sub(tf.div(tf.log1p(finiteMixed), 1 - order), logRatio);
  const sums: tf.Tensor1D = tf.mul(0.5, tf.sum(tf.add(tf.mul(order, squared), logarithms), 1));

  const diverges = tf.greaterEqual(-1, tf.min(mixed, 1));
  return tf.where(diverges, tf.fill(sums.shape, Number.POSITIVE_INFINITY), sums);
}
