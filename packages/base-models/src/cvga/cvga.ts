import {
  assertTrainingInteractions,
  contentFingerprint,
  type DiagonalGaussian,
  type ForwardContext,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type TensorsOf,
  type TrainingInteractions,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  applyDense,
  denseLayer,
  embeddingBag,
  gaussianHead,
  interactionGraph,
  itemScales,
  normalizedWeights,
  propagateToItems,
  propagateToUsers,
} from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { multinomialReconstruction, scoresAtMean, variationalLoss } from "../variational-base";

export interface CvgaOptions {
  /** The interactions to train on. They are the edges of the graph. */
  readonly interactions: TrainingInteractions;
  /** Dimensions of z. @default 64 */
  readonly latentDimension?: number;
  /** Layers of the encoder; each but the last passes features from users to their items and on. @default 1 */
  readonly layers?: number;
  /** Width of the layers before the last. @default 64 */
  readonly hiddenDimension?: number;
  /** The probability of leaving out an output of an encoder layer. @default 0.3 */
  readonly dropout?: number;
  /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. @default 1 */
  readonly klWeight?: number;
  /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. @default 0 */
  readonly annealingSteps?: number;
  /** The seed of the initial parameters. @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z.strictObject({
  latentDimension: z.int().positive().default(64),
  layers: z.int().positive().default(1),
  hiddenDimension: z.int().positive().default(64),
  dropout: z.number().min(0).lt(1).default(0.3),
  klWeight: z.number().nonnegative().default(1),
  annealingSteps: z.int().nonnegative().default(0),
  seed: z.int().nonnegative().default(2024),
});

/**
 * CVGA: a variational graph autoencoder of users over the items they interacted with (Zhang et al. 2023).
 *
 * With R̃ = D_u^{-1/2} R D_i^{-1/2} the normalised training interactions, [μ, log σ²] = dropout(R̃_u W + b) for the users
 * of the batch, and one linear layer decodes. Each layer before the last gives H = tanh(dropout(R̃ W + b)) of all users,
 * and the next layer reads R̃ R̃ᵀ H instead of R̃. A user's degree is the sum of the batch's own weights, so a user outside
 * the training data is encoded like any other.
 *
 * @throws InvalidOptionsError
 * @example
 * await using model = await trainer.fit(cvga({ interactions: data.train }), data);
 */
export function cvga({ interactions, ...options }: CvgaOptions): VariationalRecommender {
  assertTrainingInteractions("cvga", interactions);
  return new Cvga(interactions, parseOptions("cvga", optionsSchema, options));
}

type Settings = z.output<typeof optionsSchema>;

function initialParameters(interactions: TrainingInteractions, settings: Settings) {
  const { latentDimension, hiddenDimension, layers, seed } = settings;
  const { itemCount } = interactions;
  const random = RandomGenerator.fromSeed(seed).fork("cvga");
  const widths = [itemCount, ...new Array<number>(layers - 1).fill(hiddenDimension), 2 * latentDimension];
  return {
    itemScales: itemScales(interactions),
    // One layer needs only the rows of the batch.
    ...(layers > 1 && { graph: interactionGraph(interactions) }),
    encoder: widths.slice(1).map((width, layer) => denseLayer(widths[layer], width, random)),
    decoder: denseLayer(latentDimension, itemCount, random),
  };
}

type Parameters = TensorsOf<ReturnType<typeof initialParameters>>;

/** The parameters with the features that users sum over their items, `[items, 2 · latent]`, computed once for scores. */
type Prepared = Parameters & { readonly itemFeatures?: tf.Tensor2D };

class Cvga implements VariationalRecommender {
  readonly name = "cvga";
  readonly reads = { interactions: true, profile: false, userIndex: false };
  readonly examples = { kind: "users" } as const;
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly parameters;
  readonly #userCount: number;

  constructor(interactions: TrainingInteractions, settings: Settings) {
    const { userCount, itemCount, offsets, items, weights } = interactions;
    const graphFingerprint = contentFingerprint(offsets, items, weights);
    this.configuration = { name: this.name, itemCount, ...settings, edges: items.length, graphFingerprint };
    this.itemCount = itemCount;
    this.latentDimension = settings.latentDimension;
    this.parameters = initialParameters(interactions, settings);
    this.#userCount = userCount;
  }

  prepare(parameters: Parameters): Prepared {
    if (!parameters.graph) return parameters;
    return { ...parameters, itemFeatures: this.#itemFeatures(parameters, (values) => values) };
  }

  encode(parameters: Prepared, batch: UserBatch, context: ForwardContext): DiagonalGaussian {
    const { encoder, itemScales, itemFeatures } = parameters;
    const dropout = (values: tf.Tensor2D) => context.dropout(values, this.configuration.dropout);
    const items = itemFeatures ?? this.#itemFeatures(parameters, dropout);
    const sums = embeddingBag(items, { ...batch, weights: normalizedWeights(itemScales, batch) });
    return gaussianHead(dropout(tf.add(sums, encoder[encoder.length - 1].bias)));
  }

  /** W of the only layer, or R̃ᵀ H W of the last one. */
  #itemFeatures({ encoder, graph }: Parameters, dropout: (values: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D {
    let items = encoder[0].weights;
    for (const [layer, { bias }] of encoder.slice(0, -1).entries()) {
      if (!graph) throw new RangeError("more than one layer needs the graph");
      const users = tf.add<tf.Tensor2D>(propagateToUsers(graph, items, this.#userCount), bias);
      const features = propagateToItems(graph, tf.tanh(dropout(users)), this.itemCount);
      items = tf.matMul(features, encoder[layer + 1].weights);
    }
    return items;
  }

  decode({ decoder }: Prepared, latent: tf.Tensor2D): tf.Tensor2D {
    return applyDense(decoder, latent);
  }

  reconstructionLoss(
    parameters: Parameters,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms {
    return multinomialReconstruction(this, parameters, batch, posterior, context);
  }

  loss(parameters: Parameters, batch: UserBatch, context: ForwardContext): LossTerms {
    const posterior = this.encode(parameters, batch, context);
    return variationalLoss(posterior, context, this.configuration, () =>
      this.reconstructionLoss(parameters, batch, posterior, context),
    );
  }

  scores(prepared: Prepared, batch: UserBatch, context: ForwardContext): tf.Tensor2D {
    return scoresAtMean(this, prepared, batch, context);
  }
}
