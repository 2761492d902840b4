import { type DiagonalGaussian, type Distribution, parseOptions } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { createDivergenceRegistry } from "./divergence-registry";
import { interpolateParameters } from "./interpolate-parameters";
import { klDivergence } from "./kl-divergence";

export interface SkewJensenShannonOptions {
  /**
   * λ, the share of p in the distribution between both, from 0 to 1.
   *
   * @default 0.5
   */
  readonly weight?: number | undefined;
}

const optionsSchema = z.strictObject({
  weight: z.number().min(0).max(1).default(0.5),
}) satisfies z.ZodType<SkewJensenShannonOptions>;

/** The formulas of {@link skewJensenShannonDivergence}, which also take λ. */
export const skewJensenShannonDivergences = createDivergenceRegistry<[weight: number]>(
  "skew Jensen-Shannon divergence",
).register(["diagonal-gaussian", "diagonal-gaussian"], betweenDiagonals);

/**
 * KL(p ‖ m) + KL(q ‖ m) for each row of a batch, `[batch]`, in nats, with m between p and q: see
 * {@link interpolateParameters} (Zhang et al. 2025, eq. 12).
 *
 * It is a relative of the geometric Jensen-Shannon divergence (Nielsen 2019) and, unlike the one with the mixture
 * ½ p + ½ q for m, has a closed form and no bound; the two terms are added, not averaged. Symmetric only at λ = ½.
 * Known pair: two diagonal Gaussians.
 *
 * @throws UnsupportedError for a pair that is not in {@link skewJensenShannonDivergences}.
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError
 */
export function skewJensenShannonDivergence(
  p: Distribution,
  q: Distribution,
  options: SkewJensenShannonOptions = {},
): tf.Tensor1D {
  const { weight } = parseOptions("skewJensenShannonDivergence", optionsSchema, options);
  return skewJensenShannonDivergences.compute(p, q, weight);
}

function betweenDiagonals(p: DiagonalGaussian, q: DiagonalGaussian, weight: number): tf.Tensor1D {
  const middle = interpolateParameters(p, q, weight);
  return tf.add(klDivergence(p, middle), klDivergence(q, middle));
}
