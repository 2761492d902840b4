import {
  assertShape,
  type DenseMatrix,
  type DiagonalGaussian,
  type ForwardContext,
  type InteractionBatch,
  type LanguageEmbeddings,
  type RandomGenerator,
} from "@dmrec/core";
import { applyDense, type DenseLayer, denseLayer, embeddingBag, gaussianHead } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";

export interface MetaNetworkOptions {
  readonly language: LanguageEmbeddings;
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly dropout: number;
  /** What the network reads: interactions and profile (g_u = x S_I + s_u), or the profile alone (the ablation). */
  readonly baseNetwork: "interactions-and-profile" | "profile";
  readonly random: RandomGenerator;
}

/**
 * The probabilistic meta-network: turns what language models say about a user into a distribution p_l(z|s) of the
 * collaborative space's form (Zhang et al. 2025, section 2.3, eq. 6–7).
 *
 * [μ_l, log σ_l²] = W₂ tanh(W₁ g_u + b₁) + b₂
 */
export class MetaNetwork {
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #userEmbeddings: tf.Tensor2D;
  readonly #itemEmbeddings: tf.Tensor2D;
  readonly #hidden: DenseLayer;
  readonly #output: DenseLayer;
  readonly #options: MetaNetworkOptions;

  constructor(options: MetaNetworkOptions) {
    const { language, hiddenDimension, latentDimension, random } = options;
    this.#options = options;
    this.#userEmbeddings = toTensor(language.users);
    this.#itemEmbeddings = toTensor(language.items);
    this.#hidden = denseLayer(language.users.columnCount, hiddenDimension, random);
    this.#output = denseLayer(hiddenDimension, 2 * latentDimension, random);
    this.variables = {
      "hidden.weights": this.#hidden.weights,
      "hidden.bias": this.#hidden.bias,
      "output.weights": this.#output.weights,
      "output.bias": this.#output.bias,
    };
  }

  /** p_l(z|s) for the users of a batch, `[users, latent]`. */
  encode(batch: InteractionBatch, context: ForwardContext): DiagonalGaussian {
    const hidden = tf.tanh(applyDense(this.#hidden, this.#baseNetwork(batch, context)));
    return gaussianHead(applyDense(this.#output, hidden));
  }

  /** g_u = dropout(x) S_I + s_u, `[users, width]` (eq. 7). */
  #baseNetwork(batch: InteractionBatch, context: ForwardContext): tf.Tensor2D {
    const profiles = batch.profiles ?? tf.gather(this.#userEmbeddings, batch.users);
    assertShape("the batch's profile embeddings", profiles.shape, [
      batch.userCount,
      this.#userEmbeddings.shape[1],
    ]);
    if (this.#options.baseNetwork === "profile") return profiles;
    const weights = context.dropout(batch.weights, this.#options.dropout);
    return tf.add(embeddingBag(this.#itemEmbeddings, { ...batch, weights }), profiles);
  }

  dispose(): void {
    tf.dispose([this.#userEmbeddings, this.#itemEmbeddings, ...Object.values(this.variables)]);
  }
}

function toTensor({ values, rowCount, columnCount }: DenseMatrix): tf.Tensor2D {
  return tf.tensor2d(values, [rowCount, columnCount]);
}
