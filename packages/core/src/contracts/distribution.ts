import type { Tensor2D } from "@tensorflow/tfjs-core";

/** A batch of distributions; `kind` is what divergences are dispatched on. */
export interface Distribution {
  readonly kind: string;
}

/** N(μ, diag σ²) for each row of a batch, as networks give it: mean and log σ². */
export interface DiagonalGaussian extends Distribution {
  readonly kind: "diagonal-gaussian";
  /** μ, `[batch, dimension]` */
  readonly mean: Tensor2D;
  /** log σ², `[batch, dimension]` */
  readonly logVariance: Tensor2D;
}
