import type { ForwardContext, RandomGenerator } from "@dmrec/core";
import { applyDense, type DenseLayer, xavierLayer } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";

export interface DenoiserOptions {
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly timeDimension: number;
  readonly dropout: number;
  /** T, the number of diffusion steps. */
  readonly steps: number;
  readonly random: RandomGenerator;
}

/** The network that undoes a diffusion: W₂ tanh(W₁ [dropout(z_t), W_τ τ(t) + b_τ] + b₁) + b₂ with a sinusoidal τ. */
export class Denoiser {
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #dropout: number;
  readonly #embeddings: { readonly values: Float32Array; readonly shape: [number, number] };
  readonly #time: DenseLayer;
  readonly #hidden: DenseLayer;
  readonly #output: DenseLayer;

  constructor(options: DenoiserOptions) {
    const { latentDimension, hiddenDimension, timeDimension, dropout, steps, random } = options;
    this.#dropout = dropout;
    this.#embeddings = { values: timeEmbeddings(steps, timeDimension), shape: [steps, timeDimension] };
    this.#time = xavierLayer(timeDimension, timeDimension, random);
    this.#hidden = xavierLayer(latentDimension + timeDimension, hiddenDimension, random);
    this.#output = xavierLayer(hiddenDimension, latentDimension, random);
    this.variables = {
      "time.weights": this.#time.weights,
      "time.bias": this.#time.bias,
      "hidden.weights": this.#hidden.weights,
      "hidden.bias": this.#hidden.bias,
      "output.weights": this.#output.weights,
      "output.bias": this.#output.bias,
    };
  }

  /**
   * @param noisy z_t, `[users, latent]`
   * @param steps t of each user, int32 `[users]`
   */
  predict(noisy: tf.Tensor2D, steps: tf.Tensor1D, context: ForwardContext): tf.Tensor2D {
    const embeddings = tf.tensor2d(this.#embeddings.values, this.#embeddings.shape);
    const time = applyDense(this.#time, tf.gather(embeddings, steps));
    const input = tf.concat([context.dropout(noisy, this.#dropout), time], 1);
    return applyDense(this.#output, tf.tanh(applyDense(this.#hidden, input)));
  }
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
