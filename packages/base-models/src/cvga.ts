import {
  contentFingerprint,
  type DiagonalGaussian,
  type ForwardContext,
  type InteractionBatch,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
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
import { InteractionGraph } from "./interaction-graph";
import { assertTrainingInteractions } from "./training-interactions";
import { variationalLoss } from "./variational-loss";

const optionsSchema = z.strictObject({
  latentDimension: z.int().positive().default(64),
  /** Layers of the encoder; each but the last passes features from users to their items and on. */
  layers: z.int().positive().default(1),
  /** Width of the layers before the last. */
  hiddenDimension: z.int().positive().default(64),
  /** The probability with which an output of an encoder's layer is left out. */
  dropout: z.number().min(0).lt(1).default(0.3),
  /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. */
  klWeight: z.number().nonnegative().default(1),
  /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. */
  annealingSteps: z.int().nonnegative().default(0),
  seed: z.int().nonnegative().default(2024),
});

export interface CvgaOptions extends z.input<typeof optionsSchema> {
  /** The edges of the graph. */
  readonly interactions: TrainingInteractions;
}

/**
 * CVGA: a variational graph autoencoder of users over the items they interacted with (Zhang et al. 2023).
 *
 * With R̃ = D_u^{-1/2} R D_i^{-1/2} the normalised training interactions, [μ, log σ²] = dropout(R̃_u W + b) for the
 * users of the batch alone, and one linear layer decodes. Each layer before the last gives H = tanh(dropout(R̃ W + b))
 * of all users, and the next one reads R̃ R̃ᵀ H in the place of R̃. A user's degree is the sum of the batch's own weights,
 * so that somebody outside the training data is encoded as everybody else. The tensor backend must be set before:
 * `await createTrainer()` does that.
 *
 * @throws InvalidOptionsError
 */
export function cvga({ interactions, ...options }: CvgaOptions): VariationalRecommender {
  assertTrainingInteractions("cvga", interactions);
  return new Cvga(interactions, parseOptions("cvga", optionsSchema, options));
}

class Cvga implements VariationalRecommender {
  readonly name = "cvga";
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #graph: InteractionGraph;
  readonly #encoder: readonly DenseLayer[];
  readonly #decoder: DenseLayer;

  constructor(interactions: TrainingInteractions, options: z.output<typeof optionsSchema>) {
    const { latentDimension, hiddenDimension, layers, seed } = options;
    const { itemCount, offsets, items, weights } = interactions;
    const random = RandomGenerator.fromSeed(seed).fork("cvga");
    const widths = [itemCount, ...new Array<number>(layers - 1).fill(hiddenDimension), 2 * latentDimension];
    const graphFingerprint = contentFingerprint(offsets, items, weights);
    this.configuration = { name: this.name, itemCount, ...options, edges: items.length, graphFingerprint };
    this.itemCount = itemCount;
    this.latentDimension = latentDimension;
    this.#graph = new InteractionGraph(interactions, layers > 1);
    this.#encoder = widths.slice(1).map((width, layer) => denseLayer(widths[layer], width, random));
    this.#decoder = denseLayer(latentDimension, itemCount, random);
    const layerVariables = this.#encoder.flatMap(({ weights, bias }, layer) => [
      [`encoder.${layer}.weights`, weights] as const,
      [`encoder.${layer}.bias`, bias] as const,
    ]);
    this.variables = {
      ...Object.fromEntries<tf.Variable>(layerVariables),
      "decoder.weights": this.#decoder.weights,
      "decoder.bias": this.#decoder.bias,
    };
  }

  encode(batch: InteractionBatch, context: ForwardContext): DiagonalGaussian {
    const [first, ...later] = this.#encoder;
    const { dropout } = this.configuration;
    /** W of the first layer, R̃ᵀ H W of each later one: what a user sums over their items. */
    let items: tf.Tensor2D = first.weights;
    let bias = first.bias;
    for (const layer of later) {
      const users = tf.add<tf.Tensor2D>(embeddingBag(items, this.#graph.whole.ofUsers), bias);
      const features = tf.tanh(context.dropout(users, dropout));
      items = tf.matMul(embeddingBag(features, this.#graph.whole.ofItems), layer.weights);
      bias = layer.bias;
    }
    const weights = this.#graph.normalized(batch);
    const output = tf.add<tf.Tensor2D>(embeddingBag(items, { ...batch, weights }), bias);
    return gaussianHead(context.dropout(output, dropout));
  }

  decode(latent: tf.Tensor2D): tf.Tensor2D {
    return applyDense(this.#decoder, latent);
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
    this.#graph.dispose();
  }
}
