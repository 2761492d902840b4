import { assertShape, type DiagonalGaussian } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** A mean and one measure of spread, each `[batch, dimension]`. Scales and variances are positive. */
export type DiagonalGaussianParameters =
  | { readonly mean: tf.Tensor2D; readonly logVariance: tf.Tensor2D }
  | { readonly mean: tf.Tensor2D; readonly scale: tf.Tensor2D }
  | { readonly mean: tf.Tensor2D; readonly variance: tf.Tensor2D };

/** The smallest normal float32: below it a variance has no usable logarithm. */
const smallestVariance = 2 ** -126;

const logTwoPi = Math.log(2 * Math.PI);

/**
 * N(μ, diag σ²) for each row of a batch, from μ and log σ², σ or σ².
 *
 * The result holds the tensors it was given. A scale or variance of 0 counts as the narrowest one that float32 can
 * hold (σ² = 2⁻¹²⁶) and gets the gradient 0, so that nothing computed from it is NaN.
 *
 * @throws ShapeMismatchError if the two shapes differ.
 * @example
 * const p = diagonalGaussian({ mean: tf.tensor2d([[0, 1]]), scale: tf.tensor2d([[1, 2]]) });
 */
export function diagonalGaussian(parameters: DiagonalGaussianParameters): DiagonalGaussian {
  const { mean } = parameters;
  const logVariance = tf.tidy(() => {
    const logVariance = logVarianceOf(parameters);
    assertShape("the spread of a diagonal Gaussian", logVariance.shape, mean.shape);
    return logVariance;
  });
  return { kind: "diagonal-gaussian", mean, logVariance };
}

function logVarianceOf(parameters: DiagonalGaussianParameters): tf.Tensor2D {
  if ("logVariance" in parameters) return parameters.logVariance;
  if ("scale" in parameters) {
    const scale: tf.Tensor2D = tf.maximum(parameters.scale, Math.sqrt(smallestVariance));
    return tf.mul(2, tf.log(scale));
  }
  const variance: tf.Tensor2D = tf.maximum(parameters.variance, smallestVariance);
  return tf.log(variance);
}

/** σ, `[batch, dimension]` */
export function scale({ logVariance }: DiagonalGaussian): tf.Tensor2D {
  return tf.tidy(() => tf.exp(tf.mul<tf.Tensor2D>(0.5, logVariance)));
}

/** σ², `[batch, dimension]` */
export function variance({ logVariance }: DiagonalGaussian): tf.Tensor2D {
  return tf.exp(logVariance);
}

/**
 * z = μ + σ ε, `[batch, dimension]`: a draw that gradients pass through (Kingma and Welling 2014, section 2.4).
 *
 * @param noise ε, standard normal, `[batch, dimension]`; passed in, because nothing here draws.
 * @throws ShapeMismatchError
 */
export function sample(p: DiagonalGaussian, noise: tf.Tensor2D): tf.Tensor2D {
  assertShape("the noise of a sample", noise.shape, p.mean.shape);
  return tf.tidy(() => tf.add(p.mean, tf.mul(scale(p), noise)));
}

/**
 * log p(x) = −½ Σ (log 2π + log σ² + (x − μ)² / σ²), `[batch]`
 *
 * @param x `[batch, dimension]`
 * @throws ShapeMismatchError
 */
export function logProb(p: DiagonalGaussian, x: tf.Tensor2D): tf.Tensor1D {
  assertShape("the point of a density", x.shape, p.mean.shape);
  return tf.tidy(() => {
    const squared = tf.square(standardized(p, x));
    return tf.mul(-0.5, tf.sum(tf.add(tf.add(squared, p.logVariance), logTwoPi), 1));
  });
}

/** The differential entropy −E log p = ½ Σ (1 + log 2π + log σ²), `[batch]`, in nats. */
export function entropy({ logVariance }: DiagonalGaussian): tf.Tensor1D {
  return tf.tidy(() => tf.mul(0.5, tf.sum(tf.add(logVariance, 1 + logTwoPi), 1)));
}

/** (x − μ) / σ, `[batch, dimension]`; finite even if 1 / σ² is not. */
export function standardized(p: DiagonalGaussian, x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.sub(x, p.mean), tf.exp(tf.mul(-0.5, p.logVariance)));
}

/** Asserts that two Gaussians have the same shape. Every function of two Gaussians checks it first. */
export function assertSameShape(p: DiagonalGaussian, q: DiagonalGaussian): void {
  assertShape("the second of two diagonal Gaussians", q.mean.shape, p.mean.shape);
}
