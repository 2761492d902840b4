import {
  type DiagonalGaussian,
  type ForwardContext,
  type ItemProposal,
  itemTable,
  type LossTerms,
  parameter,
  parseOptions,
  RandomGenerator,
  type TensorsOf,
  type UserBatch,
  type UserExamples,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  applyDense,
  type DenseLayer,
  denseLayer,
  embeddingBag,
  gaussianHead,
  inItemTables,
  unitLengthWeights,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import {
  multinomialReconstruction,
  sampledReconstruction,
  scoresAtMean,
  variationalLoss,
} from "./variational-base";

export interface MultVaeOptions {
  /** Items that it scores. */
  readonly itemCount: number;
  /** Width of the hidden layer of encoder and decoder. @default 600 */
  readonly hiddenDimension?: number;
  /** Dimensions of z. @default 200 */
  readonly latentDimension?: number;
  /** The probability of leaving an interaction out of the encoder's input. @default 0.3 */
  readonly dropout?: number;
  /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. @default 1 */
  readonly klWeight?: number;
  /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. @default 0 */
  readonly annealingSteps?: number;
  /** Scales each user's input to unit length, as Liang et al. do. @default "none" */
  readonly inputScaling?: "none" | "unit-length";
  /**
   * Items that are drawn for each step to stand for the catalogue in the softmax of the loss: for large catalogues, where the
   * full softmax is most of a step. Scores are always those of all items. 0 for the full softmax.
   *
   * @default 0
   */
  readonly softmaxSamples?: number;
  /** The way these items are drawn, see `ItemSampling` of `@dmrec/core`. @default "log-uniform" */
  readonly softmaxProposal?: ItemProposal;
  /** The seed of the initial parameters. @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z.strictObject({
  itemCount: z.int().positive(),
  hiddenDimension: z.int().positive().default(600),
  latentDimension: z.int().positive().default(200),
  dropout: z.number().min(0).lt(1).default(0.3),
  klWeight: z.number().nonnegative().default(1),
  annealingSteps: z.int().nonnegative().default(0),
  inputScaling: z.enum(["none", "unit-length"]).default("none"),
  softmaxSamples: z.int().nonnegative().default(0),
  softmaxProposal: z.enum(["log-uniform", "popularity"]).default("log-uniform"),
  seed: z.int().nonnegative().default(2024),
});

/**
 * Mult-VAE: a variational autoencoder with a multinomial likelihood (Liang et al. 2018).
 *
 * items → hidden → 2 · latent, and latent → hidden → items, with tanh between.
 *
 * @throws InvalidOptionsError
 * @example
 * await using model = await trainer.fit(multVae({ itemCount: data.itemCount }), data);
 */
export function multVae(options: MultVaeOptions): VariationalRecommender {
  return new MultVae(parseOptions("multVae", optionsSchema, options));
}

type Settings = z.output<typeof optionsSchema>;

function initialParameters(settings: Settings) {
  const { hiddenDimension, latentDimension, seed } = settings;
  const random = RandomGenerator.fromSeed(seed).fork("mult-vae");
  return {
    encoder: {
      hidden: inputLayer(settings, random),
      output: denseLayer(hiddenDimension, 2 * latentDimension, random),
    },
    decoder: {
      hidden: denseLayer(latentDimension, hiddenDimension, random),
      output: outputLayer(settings, random),
    },
  };
}

/** A layer from the items. With a sampled softmax a step need not know all items, so its weights are a table of them. */
function inputLayer(
  { itemCount, hiddenDimension, softmaxSamples }: Settings,
  random: RandomGenerator,
): DenseLayer {
  const { weights, bias } = denseLayer(itemCount, hiddenDimension, random);
  return softmaxSamples === 0 ? { weights, bias } : { weights: itemTable(weights), bias };
}

/** A layer to the items. For a sampled softmax its weights lie item by item, `[items, hidden]`: a step reads few of them. */
function outputLayer(
  { itemCount, hiddenDimension, softmaxSamples }: Settings,
  random: RandomGenerator,
): DenseLayer {
  const { weights, bias } = denseLayer(hiddenDimension, itemCount, random);
  if (softmaxSamples === 0) return { weights, bias };
  const byItem = new Float32Array(weights.values.length);
  for (let item = 0; item < itemCount; item += 1)
    for (let unit = 0; unit < hiddenDimension; unit += 1)
      byItem[item * hiddenDimension + unit] = weights.values[unit * itemCount + item];
  return { weights: itemTable(parameter([itemCount, hiddenDimension], byItem)), bias: itemTable(bias) };
}

type Parameters = TensorsOf<ReturnType<typeof initialParameters>>;

class MultVae implements VariationalRecommender {
  readonly name = "mult-vae";
  readonly reads = { interactions: true, profile: false, userIndex: false };
  readonly examples: UserExamples;
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly parameters;

  constructor(settings: Settings) {
    const { softmaxSamples: count, softmaxProposal: proposal, ...unsampled } = settings;
    // The full softmax has no settings: checkpoints and manifests of such models keep their form.
    const sampling = count > 0 ? { softmaxSamples: count, softmaxProposal: proposal } : {};
    this.examples = { kind: "users", ...(count > 0 && { sampledItems: { count, proposal } }) };
    this.configuration = { name: this.name, ...unsampled, ...sampling };
    this.itemCount = settings.itemCount;
    this.latentDimension = settings.latentDimension;
    this.parameters = initialParameters(settings);
  }

  encode({ encoder }: Parameters, batch: UserBatch, context: ForwardContext): DiagonalGaussian {
    const { inputScaling, dropout } = this.configuration;
    const scaled = inputScaling === "unit-length" ? unitLengthWeights(batch) : batch.weights;
    const sums = embeddingBag(encoder.hidden.weights, {
      ...inItemTables(batch),
      weights: context.dropout(scaled, dropout),
    });
    const hidden = tf.tanh(tf.add<tf.Tensor2D>(sums, encoder.hidden.bias));
    return gaussianHead(applyDense(encoder.output, hidden));
  }

  decode({ decoder }: Parameters, latent: tf.Tensor2D): tf.Tensor2D {
    const hidden = this.decodeHidden({ decoder }, latent);
    const { weights, bias } = decoder.output;
    if (!this.examples.sampledItems) return applyDense(decoder.output, hidden);
    return tf.add(tf.matMul(hidden, weights, false, true), bias);
  }

  decodeHidden({ decoder }: Pick<Parameters, "decoder">, latent: tf.Tensor2D): tf.Tensor2D {
    return tf.tanh(applyDense(decoder.hidden, latent));
  }

  itemLayer({ decoder }: Parameters): TensorsOf<DenseLayer> {
    return decoder.output;
  }

  reconstructionLoss(
    parameters: Parameters,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms {
    const { sample } = batch;
    return sample
      ? sampledReconstruction(this, parameters, { ...batch, sample }, posterior, context)
      : multinomialReconstruction(this, parameters, batch, posterior, context);
  }

  loss(parameters: Parameters, batch: UserBatch, context: ForwardContext): LossTerms {
    const posterior = this.encode(parameters, batch, context);
    return variationalLoss(posterior, context, this.configuration, () =>
      this.reconstructionLoss(parameters, batch, posterior, context),
    );
  }

  scores(parameters: Parameters, batch: UserBatch, context: ForwardContext): tf.Tensor2D {
    return scoresAtMean(this, parameters, batch, context);
  }
}
