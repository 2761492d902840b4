import {
  type Constant,
  constant,
  type ForwardContext,
  inGroup,
  type RandomGenerator,
  type TensorsOf,
} from "@dmrec/core";
import { applyDense, type DenseLayer, xavierLayer } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

/** The parameters of {@link denoise}. */
export type Denoiser = {
  /** τ(t), `[steps, dimension]` */
  readonly timeEmbeddings: Constant<readonly [number, number]>;
  readonly time: DenseLayer;
  readonly hidden: DenseLayer;
  readonly output: DenseLayer;
};

export interface DenoiserOptions {
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly timeDimension: number;
  /** T, the number of diffusion steps. */
  readonly steps: number;
  readonly random: RandomGenerator;
}

/** Initial parameters, in the optimizer's group `denoiser`. */
export function denoiser(options: DenoiserOptions): Denoiser {
  const { latentDimension, hiddenDimension, timeDimension, steps, random } = options;
  return inGroup("denoiser", {
    timeEmbeddings: constant([steps, timeDimension], timeEmbeddings(steps, timeDimension)),
    time: xavierLayer(timeDimension, timeDimension, random),
    hidden: xavierLayer(latentDimension + timeDimension, hiddenDimension, random),
    output: xavierLayer(hiddenDimension, latentDimension, random),
  });
}

/**
 * The network that undoes a diffusion, `[users, latent]`: W₂ tanh(W₁ [dropout(z_t), W_τ τ(t) + b_τ] + b₁) + b₂ with a
 * sinusoidal τ.
 *
 * @param noisy z_t, `[users, latent]`
 * @param steps t of each user, int32 `[users]`
 */
export function denoise(
  { timeEmbeddings, time, hidden, output }: TensorsOf<Denoiser>,
  noisy: tf.Tensor2D,
  steps: tf.Tensor1D,
  { context, dropout }: { readonly context: ForwardContext; readonly dropout: number },
): tf.Tensor2D {
  const embedded = applyDense(time, tf.gather(timeEmbeddings, steps));
  const input = tf.concat([context.dropout(noisy, dropout), embedded], 1);
  return applyDense(output, tf.tanh(applyDense(hidden, input)));
}

/** cos and sin of t at frequencies from 1 to nearly 1/10,000, `[steps, dimension]`; an odd last column is 0 (Vaswani et al. 2017). */
function timeEmbeddings(steps: number, dimension: number): Float32Array {
  const half = Math.floor(dimension / 2);
  const values = new Float32Array(steps * dimension);
  for (let step = 0; step < steps; step += 1) {
    for (let index = 0; index < half; index += 1) {
      const angle = step * 10_000 ** (-index / half);
      values[step * dimension + index] = Math.cos(angle);
      values[step * dimension + half + index] = Math.sin(angle);
    }
  }
  return values;
}
