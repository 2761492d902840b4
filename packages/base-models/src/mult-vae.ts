import { parseOptions, RandomGenerator, type TensorsOf, type VariationalRecommender } from "@dmrec/core";
import { applyDense, denseLayer, embeddingBag, gaussianHead, unitLengthWeights } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { variationalRecommender } from "./variational-recommender";

const optionsSchema = z.strictObject({
  /** The number of items. */
  itemCount: z.int().positive(),
  /**
   * Width of the hidden layer of encoder and decoder.
   *
   * @default 600
   */
  hiddenDimension: z.int().positive().default(600),
  /**
   * Dimensions of z.
   *
   * @default 200
   */
  latentDimension: z.int().positive().default(200),
  /**
   * The probability that an interaction is left out of the encoder's input.
   *
   * @default 0.3
   */
  dropout: z.number().min(0).lt(1).default(0.3),
  /**
   * The weight of KL(q ‖ N(0, I)) in the model's own loss: the cap of the annealing. A matching strategy replaces it.
   *
   * @default 1
   */
  klWeight: z.number().nonnegative().default(1),
  /**
   * Steps over which the KL's weight rises from 0 to `klWeight`. 0 gives a constant weight.
   *
   * @default 0
   */
  annealingSteps: z.int().nonnegative().default(0),
  /**
   * The scaling of each user's input: `unit-length` scales it to length 1, as Liang et al. do.
   *
   * @default "none"
   */
  inputScaling: z.enum(["none", "unit-length"]).default("none"),
  /**
   * The seed of the initial weights.
   *
   * @default 2024
   */
  seed: z.int().nonnegative().default(2024),
});

export type MultVaeOptions = z.input<typeof optionsSchema>;

/**
 * Mult-VAE: a variational autoencoder with a multinomial likelihood (Liang et al. 2018).
 *
 * items → hidden → 2 · latent, and latent → hidden → items, with tanh between.
 *
 * @throws InvalidOptionsError
 * @example
 * const recommender = multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 });
 */
export function multVae(options: MultVaeOptions): VariationalRecommender {
  const settings = parseOptions("multVae", optionsSchema, options);
  const { dropout, inputScaling } = settings;
  type Tensors = TensorsOf<ReturnType<typeof initialParameters>>;
  return variationalRecommender<Tensors>({
    name: "mult-vae",
    itemCount: settings.itemCount,
    settings,
    parameters: initialParameters(settings),

    encode({ encoder: { hidden, output } }, batch, context) {
      const scaled = inputScaling === "unit-length" ? unitLengthWeights(batch) : batch.weights;
      const weights = context.dropout(scaled, dropout);
      const sums = embeddingBag(hidden.weights, { ...batch, weights });
      return gaussianHead(applyDense(output, tf.tanh(tf.add<tf.Tensor2D>(sums, hidden.bias))));
    },

    decode: ({ decoder: { hidden, output } }, latent) =>
      applyDense(output, tf.tanh(applyDense(hidden, latent))),
  });
}

function initialParameters(options: z.output<typeof optionsSchema>) {
  const { itemCount, hiddenDimension, latentDimension, seed } = options;
  const random = RandomGenerator.fromSeed(seed).fork("mult-vae");
  return {
    encoder: {
      hidden: denseLayer(itemCount, hiddenDimension, random),
      output: denseLayer(hiddenDimension, 2 * latentDimension, random),
    },
    decoder: {
      hidden: denseLayer(latentDimension, hiddenDimension, random),
      output: denseLayer(hiddenDimension, itemCount, random),
    },
  };
}
