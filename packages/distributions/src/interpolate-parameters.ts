import { type DiagonalGaussian, parseOptions } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { assertSameShape } from "./diagonal-gaussian";

const weightSchema = z.number().min(0).max(1);

/**
 * A Gaussian between p and q, whose mean and log-variance are mixed linearly (Zhang et al. 2025, eq. 11):
 *
 * μ = w μ_p + (1 − w) μ_q, log σ² = w log σ_p² + (1 − w) log σ_q²
 *
 * The scales are thus mixed geometrically. It is not the normalised p^w q^(1−w), whose precisions are mixed.
 *
 * @param weight w, the share of p, from 0 (q) to 1 (p).
 * @throws InvalidOptionsError if the weight is out of range.
 * @throws ShapeMismatchError
 */
export function interpolateParameters(
  p: DiagonalGaussian,
  q: DiagonalGaussian,
  weight: number,
): DiagonalGaussian {
  const share = parseOptions("interpolateParameters", weightSchema, weight);
  assertSameShape(p, q);
  const mix = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
    tf.tidy(() => tf.add(tf.mul(share, a), tf.mul(1 - share, b)));
  return {
    kind: "diagonal-gaussian",
    mean: mix(p.mean, q.mean),
    logVariance: mix(p.logVariance, q.logVariance),
  };
}
