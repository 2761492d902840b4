import type { DiagonalGaussian } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { diagonalGaussian } from "../diagonal-gaussian";

/** A batch of diagonal Gaussians as plain numbers, `[batch][dimension]`. */
export interface GaussianValues {
  readonly mean: readonly (readonly number[])[];
  readonly logVariance: readonly (readonly number[])[];
}

export function toGaussian({ mean, logVariance }: GaussianValues): DiagonalGaussian {
  return diagonalGaussian({ mean: toTensor(mean), logVariance: toTensor(logVariance) });
}

function toTensor(rows: readonly (readonly number[])[]): tf.Tensor2D {
  return tf.tensor2d(rows.flat(), [rows.length, rows[0].length]);
}

/** Two batches of the same random shape, with means and log-variances in [−3, 3]. */
export const gaussianPairs: fc.Arbitrary<readonly [GaussianValues, GaussianValues]> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
  .chain(([batch, dimension]) => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const row = fc.array(value, { minLength: dimension, maxLength: dimension });
    const rows = fc.array(row, { minLength: batch, maxLength: batch });
    const gaussian = fc.record({ mean: rows, logVariance: rows });
    return fc.tuple(gaussian, gaussian);
  });
