import {
  type DiagonalGaussian,
  type ForwardContext,
  type InteractionBatch,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  applyDense,
  type DenseLayer,
  denseLayer,
  embeddingBag,
  gaussianHead,
  multinomialNegativeLogLikelihood,
  sample,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { unitLengthWeights } from "./unit-length-weights";
import { variationalLoss } from "./variational-loss";

const optionsSchema = z.strictObject({
  itemCount: z.int().positive(),
  /** Width of the hidden layer of encoder and decoder. */
  hiddenDimension: z.int().positive().default(600),
  latentDimension: z.int().positive().default(200),
  /** The probability with which an interaction is left out of the encoder's input. */
  dropout: z.number().min(0).lt(1).default(0.3),
  /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. */
  klWeight: z.number().nonnegative().default(1),
  /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. */
  annealingSteps: z.int().nonnegative().default(0),
  /** Whether each user's input is scaled to unit length, as Liang et al. do. */
  inputScaling: z.enum(["none", "unit-length"]).default("none"),
  seed: z.int().nonnegative().default(2024),
});

export type MultVaeOptions = z.input<typeof optionsSchema>;

/**
 * Mult-VAE: a variational autoencoder with a multinomial likelihood (Liang et al. 2018).
 *
 * items → hidden → 2 · latent, and latent → hidden → items, with tanh between. The tensor backend must be set before:
 * `await createTrainer()` does that.
 *
 * @throws InvalidOptionsError
 */
export function multVae(options: MultVaeOptions): VariationalRecommender {
  return new MultVae(parseOptions("multVae", optionsSchema, options));
}

class MultVae implements VariationalRecommender {
  readonly name = "mult-vae";
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #encoder: { readonly hidden: DenseLayer; readonly output: DenseLayer };
  readonly #decoder: { readonly hidden: DenseLayer; readonly output: DenseLayer };

  constructor(options: z.output<typeof optionsSchema>) {
    const { itemCount, hiddenDimension, latentDimension, seed } = options;
    const random = RandomGenerator.fromSeed(seed).fork("mult-vae");
    this.configuration = { name: this.name, ...options };
    this.itemCount = itemCount;
    this.latentDimension = latentDimension;
    this.#encoder = {
      hidden: denseLayer(itemCount, hiddenDimension, random),
      output: denseLayer(hiddenDimension, 2 * latentDimension, random),
    };
    this.#decoder = {
      hidden: denseLayer(latentDimension, hiddenDimension, random),
      output: denseLayer(hiddenDimension, itemCount, random),
    };
    this.variables = {
      "encoder.hidden.weights": this.#encoder.hidden.weights,
      "encoder.hidden.bias": this.#encoder.hidden.bias,
      "encoder.output.weights": this.#encoder.output.weights,
      "encoder.output.bias": this.#encoder.output.bias,
      "decoder.hidden.weights": this.#decoder.hidden.weights,
      "decoder.hidden.bias": this.#decoder.hidden.bias,
      "decoder.output.weights": this.#decoder.output.weights,
      "decoder.output.bias": this.#decoder.output.bias,
    };
  }

  encode(batch: InteractionBatch, context: ForwardContext): DiagonalGaussian {
    const scaled =
      this.configuration.inputScaling === "unit-length" ? unitLengthWeights(batch) : batch.weights;
    const weights = context.dropout(scaled, this.configuration.dropout);
    const { hidden, output } = this.#encoder;
    const firstLayer = tf.tanh(
      tf.add<tf.Tensor2D>(embeddingBag(hidden.weights, { ...batch, weights }), hidden.bias),
    );
    return gaussianHead(applyDense(output, firstLayer));
  }

  decode(latent: tf.Tensor2D): tf.Tensor2D {
    return applyDense(this.#decoder.output, tf.tanh(applyDense(this.#decoder.hidden, latent)));
  }

  reconstructionLoss(
    batch: InteractionBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms {
    const latent = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, this.latentDimension]));
    return { reconstruction: tf.mean(multinomialNegativeLogLikelihood(this.decode(latent), batch)) };
  }

  loss(batch: InteractionBatch, context: ForwardContext): LossTerms {
    return variationalLoss(this, batch, context, this.configuration);
  }

  scores(batch: InteractionBatch, context: ForwardContext): tf.Tensor2D {
    return this.decode(this.encode(batch, context).mean);
  }

  dispose(): void {
    tf.dispose(Object.values(this.variables));
  }
}
