import { constant, type RandomGenerator, type TensorsOf } from "@dmrec/core";
import { applyDense, xavierLayer } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

export interface DenoiserOptions {
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly timeDimension: number;
  /** T, the number of diffusion steps. */
  readonly steps: number;
  readonly random: RandomGenerator;
}

export type DenoiserTensors = TensorsOf<ReturnType<typeof denoiserParameters>>;

export function denoiserParameters(options: DenoiserOptions) {
  const { latentDimension, hiddenDimension, timeDimension, steps, random } = options;
  return {
    time: xavierLayer(timeDimension, timeDimension, random),
    hidden: xavierLayer(latentDimension + timeDimension, hiddenDimension, random),
    output: xavierLayer(hiddenDimension, latentDimension, random),
    /** τ(t), `[steps, timeDimension]` */
    timeEmbeddings: constant([steps, timeDimension], timeEmbeddings(steps, timeDimension)),
  };
}

/**
 * The network that undoes a diffusion: W₂ tanh(W₁ [dropout(z_t), W_τ τ(t) + b_τ] + b₁) + b₂ with a sinusoidal τ;
 * `[users, latent]`.
 *
 * @param noisy z_t, `[users, latent]`
 * @param steps t of each user, int32 `[users]`
 */
export function denoise(
  { time, hidden, output, timeEmbeddings }: DenoiserTensors,
  noisy: tf.Tensor2D,
  steps: tf.Tensor1D,
  dropout: (noisy: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor2D {
  const embedded = applyDense(time, tf.gather(timeEmbeddings, steps));
  const input = tf.concat([dropout(noisy), embedded], 1);
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
