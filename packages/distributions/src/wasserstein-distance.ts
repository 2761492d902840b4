import { type DiagonalGaussian, type Distribution, parseOptions } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { assertSameShape, scale } from "./diagonal-gaussian";
import { createDivergenceRegistry } from "./divergence-registry";

export interface Wasserstein2Options {
  /**
   * ε > 0, added under the root, so that the gradient is finite (and 0) at p = q.
   *
   * @default 1e-7
   */
  readonly epsilon?: number | undefined;
}

const optionsSchema = z.strictObject({
  epsilon: z.number().positive().default(1e-7),
}) satisfies z.ZodType<Wasserstein2Options>;

/** The formulas of {@link wasserstein2Distance}, which also take ε. */
export const wasserstein2Distances = createDivergenceRegistry<[epsilon: number]>(
  "2-Wasserstein distance",
).register(["diagonal-gaussian", "diagonal-gaussian"], betweenDiagonals);

/**
 * The 2-Wasserstein distance, the least root-mean-square distance over which p's mass can be moved onto q, for each row
 * of a batch, `[batch]` (Zhang et al. 2025, eq. 9).
 *
 * Known pair: two diagonal Gaussians. At p = q it is √ε.
 *
 * @throws UnsupportedError for a pair that is not in {@link wasserstein2Distances}.
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError
 */
export function wasserstein2Distance(
  p: Distribution,
  q: Distribution,
  options: Wasserstein2Options = {},
): tf.Tensor1D {
  const { epsilon } = parseOptions("wasserstein2Distance", optionsSchema, options);
  return wasserstein2Distances.compute(p, q, epsilon);
}

/** √(‖μ_p − μ_q‖² + ‖σ_p − σ_q‖² + ε) (Dowson and Landau 1982, for covariances that commute) */
function betweenDiagonals(p: DiagonalGaussian, q: DiagonalGaussian, epsilon: number): tf.Tensor1D {
  assertSameShape(p, q);
  const betweenMeans = tf.square(tf.sub(p.mean, q.mean));
  const betweenScales = tf.square(tf.sub(scale(p), scale(q)));
  const squared: tf.Tensor1D = tf.add(tf.sum(tf.add(betweenMeans, betweenScales), 1), epsilon);
  return tf.sqrt(squared);
}
