import {
  assertFiniteMatrix,
  assertShape,
  assertTrainingInteractions,
  contentFingerprint,
  type DenseMatrix,
  type ForwardContext,
  inGroup,
  invalidOption,
  parseOptions,
  RandomGenerator,
  type TensorsOf,
  type TrainingInteractions,
  type VariationalRecommender,
} from "@dmrec/core";
import { multinomialNegativeLogLikelihood, sample } from "@dmrec/distributions";
import { applyDense, xavierLayer } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { variationalRecommender } from "../variational-recommender";
import { clusterSizes } from "./cluster-sizes";
import { ClusteredEncoder } from "./clustered-encoder";
import { denoise, denoiserParameters } from "./denoiser";
import { Diffusion } from "./diffusion";
import { itemClusters } from "./item-clusters";
import { scheduleNames } from "./noise-schedule";

const share = z.number().min(0).lt(1);

const optionsSchema = z
  .strictObject({
    /**
     * Groups of items, each with its own encoder. 1 for no groups.
     *
     * @default 2
     */
    clusters: z.int().positive().default(2),
    /**
     * Dimensions of z₀.
     *
     * @default 300
     */
    latentDimension: z.int().positive().default(300),
    /**
     * The probability that an interaction is left out of the encoders' input.
     *
     * @default 0.1
     */
    dropout: share.default(0.1),
    /**
     * Width of the denoiser's hidden layer.
     *
     * @default 300
     */
    denoiserDimension: z.int().positive().default(300),
    /**
     * Width of the embedding of a step.
     *
     * @default 10
     */
    timeDimension: z.int().min(2).default(10),
    /**
     * The probability that a dimension of a noisy z is left out of the denoiser's input.
     *
     * @default 0.5
     */
    denoiserDropout: share.default(0.5),
    /**
     * T, the steps of the diffusion.
     *
     * @default 5
     */
    steps: z.int().positive().default(5),
    /**
     * The growth of the noise from step to step.
     *
     * @default "linear-var"
     */
    schedule: z.enum(scheduleNames).default("linear-var"),
    /**
     * The scale of `noiseMinimum` and `noiseMaximum`. Only the linear schedules read these three.
     *
     * @default 0.5
     */
    noiseScale: z.number().positive().default(0.5),
    /** @default 0.001 */
    noiseMinimum: z.number().positive().lt(1).default(0.001),
    /** @default 0.005 */
    noiseMaximum: z.number().positive().lt(1).default(0.005),
    /**
     * The denoiser's prediction: z₀, or the noise.
     *
     * @default "start"
     */
    prediction: z.enum(["start", "noise"]).default("start"),
    /**
     * The weights of the steps' errors: the share of the signal that each step takes, or equal weights.
     *
     * @default "signal-to-noise"
     */
    stepWeights: z.enum(["signal-to-noise", "uniform"]).default("signal-to-noise"),
    /**
     * T′, the steps of noise that are added before the denoising of a score.
     *
     * @default 0
     */
    inferenceSteps: z.int().nonnegative().default(0),
    /**
     * The weight λ of the diffusion loss at the start of training.
     *
     * @default 0.05
     */
    diffusionWeight: z.number().nonnegative().default(0.05),
    /**
     * The lower bound of λ.
     *
     * @default 0.005
     */
    diffusionWeightFloor: z.number().nonnegative().default(0.005),
    /**
     * Epochs over which λ would fall to 0. 0 gives a constant λ.
     *
     * @default 500
     */
    diffusionWeightEpochs: z.int().nonnegative().default(500),
    /**
     * The weight of KL(q ‖ N(0, I)) in the model's own loss: the cap of the annealing. A matching strategy replaces it.
     *
     * @default 0.3
     */
    klWeight: z.number().nonnegative().default(0.3),
    /**
     * Steps over which the KL's weight rises from 0 to `klWeight`. 0 gives a constant weight.
     *
     * @default 200
     */
    annealingSteps: z.int().nonnegative().default(200),
    /**
     * The seed of the initial weights, the clusters and the noise of scores.
     *
     * @default 2024
     */
    seed: z.int().nonnegative().default(2024),
  })
  .refine(({ inferenceSteps, steps }) => inferenceSteps <= steps, {
    path: ["inferenceSteps"],
    error: "are more than steps",
  })
  .refine(({ noiseMinimum, noiseMaximum, ...rest }) => !isLinear(rest) || noiseMinimum <= noiseMaximum, {
    path: ["noiseMinimum"],
    error: "is more than noiseMaximum; expected noise that does not fall from step to step",
  })
  .refine(({ noiseScale, noiseMaximum, ...rest }) => !isLinear(rest) || noiseScale * noiseMaximum < 1, {
    path: ["noiseScale"],
    error: "times noiseMaximum is 1 or more; expected less, so that each step leaves some of the signal",
  });

/** True for the schedules that read the options of noise. */
function isLinear({ schedule }: { readonly schedule: (typeof scheduleNames)[number] }): boolean {
  return schedule === "linear" || schedule === "linear-var";
}

type Settings = z.output<typeof optionsSchema>;

export interface LDiffRecOptions extends z.input<typeof optionsSchema> {
  readonly interactions: TrainingInteractions;
  /** Embeddings to cluster items by, `[items, width]`. Default: an SVD of the interactions. */
  readonly itemEmbeddings?: DenseMatrix;
  /** Known groups of items, such as genres, instead of `clusters`: the group of each item, from 0 on without a gap. */
  readonly clusterOfItem?: Int32Array;
}

/**
 * L-DiffRec: diffusion in the latent space of a variational autoencoder (Wang et al. 2023, section 3.4).
 *
 * Every cluster of items has its encoder, z₀ ~ q(z₀|x) is noised to a drawn step, a denoiser predicts ẑ₀, and one linear
 * layer decodes it. The loss is λ times the denoiser's error, − log p(x|ẑ₀), and the annealed KL(q ‖ N(0, I)). At
 * inference z₀ = μ is denoised T times. The published settings train it with AdamW and a lower rate for the parameter
 * group `denoiser`.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the number of embeddings or groups is not that of the items.
 * @throws InvalidDataError if an embedding is not finite, or there is nothing to cluster items by.
 * @example
 * const recommender = lDiffRec({ interactions: data.train, clusters: 3 });
 */
export function lDiffRec(options: LDiffRecOptions): VariationalRecommender {
  const { interactions, itemEmbeddings, clusterOfItem, ...rest } = options;
  const settings = parseOptions("lDiffRec", optionsSchema, rest);
  const { clusters, latentDimension, seed } = settings;
  assertTrainingInteractions("lDiffRec", interactions);
  const { itemCount } = interactions;
  if (itemEmbeddings) {
    const { rowCount, columnCount } = itemEmbeddings;
    assertFiniteMatrix(itemEmbeddings, "itemEmbeddings", "item");
    assertShape("the matrix of item embeddings", [rowCount, columnCount], [itemCount, columnCount]);
  }
  const random = RandomGenerator.fromSeed(seed).fork("l-diffrec");
  if (clusterOfItem)
    return describeModel(checkedGroups(clusterOfItem, itemCount, latentDimension), settings, random);
  if (clusters > itemCount)
    throw invalidOption("lDiffRec.clusters", `${clusters} are more than the ${itemCount} items`);
  if (clusters > latentDimension)
    throw invalidOption(
      "lDiffRec.clusters",
      `${clusters} are more than latentDimension, ${latentDimension}; expected a dimension each`,
    );
  return describeModel(itemClusters({ interactions, clusters, itemEmbeddings, random }), settings, random);
}

function checkedGroups(clusterOfItem: Int32Array, itemCount: number, latentDimension: number): Int32Array {
  assertShape("the clusters of items", [clusterOfItem.length], [itemCount]);
  const isGroup = (group: number) => Number.isInteger(group) && group >= 0 && group < itemCount;
  const isPossible = clusterOfItem.every(isGroup);
  const sizes = isPossible ? clusterSizes(clusterOfItem) : [];
  if (!isPossible || sizes.includes(0))
    throw invalidOption("lDiffRec.clusterOfItem", "expected every number from 0 on, without a gap");
  if (sizes.length > latentDimension)
    throw invalidOption("lDiffRec.clusterOfItem", "has more groups than latentDimension");
  return clusterOfItem;
}

function describeModel(
  clusterOfItem: Int32Array,
  settings: Settings,
  random: RandomGenerator,
): VariationalRecommender {
  const { latentDimension, denoiserDimension, timeDimension, steps } = settings;
  const itemCount = clusterOfItem.length;

  const encoder = new ClusteredEncoder({ clusterOfItem, latentDimension, random });
  const decoder = xavierLayer(latentDimension, itemCount, random);
  const denoiser = denoiserParameters({
    latentDimension,
    hiddenDimension: denoiserDimension,
    timeDimension,
    steps,
    random,
  });
  const diffusion = new Diffusion(settings, random);
  const parameters = {
    encoder: encoder.parameters,
    denoiser: inGroup("denoiser", denoiser),
    decoder,
    diffusion: diffusion.parameters,
  };
  type Tensors = TensorsOf<typeof parameters>;

  /** The denoiser as a function of z_t and t. */
  const denoiserOf =
    (tensors: Tensors, context: ForwardContext) => (noisy: tf.Tensor2D, steps: tf.Tensor1D) =>
      denoise(tensors.denoiser, noisy, steps, (input) => context.dropout(input, settings.denoiserDropout));

  return variationalRecommender<Tensors>({
    name: "l-diffrec",
    itemCount,
    settings,
    // Weights belong to a clustering: another one of the same sizes is another model.
    identity: {
      clusters: clusterSizes(clusterOfItem),
      clusterFingerprint: contentFingerprint(clusterOfItem),
    },
    parameters,

    encode: (tensors, batch, context) =>
      encoder.encode(tensors.encoder, {
        ...batch,
        weights: context.dropout(batch.weights, settings.dropout),
      }),

    /** Denoises latent vectors and decodes them. */
    decode(tensors, latent, context) {
      const denoised = diffusion.reverse(tensors.diffusion, latent, denoiserOf(tensors, context));
      return applyDense(tensors.decoder, denoised);
    },

    reconstructionLoss(tensors, batch, posterior, context) {
      const start = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, latentDimension]));
      const { loss, denoised } = diffusion.trainingLoss(start, denoiserOf(tensors, context), context);
      const weight = context.feed<tf.Rank.R0>([], ({ epoch }) => [diffusionWeightAt(epoch, settings)]);
      const logits = applyDense(tensors.decoder, denoised);
      return {
        reconstruction: tf.mean(multinomialNegativeLogLikelihood(logits, batch)),
        diffusion: tf.mul(weight, loss),
      };
    },
  });
}

/** λ, which falls linearly to its floor. */
function diffusionWeightAt(epoch: number, settings: Settings): number {
  const { diffusionWeight, diffusionWeightFloor, diffusionWeightEpochs } = settings;
  const left = diffusionWeightEpochs === 0 ? 1 : 1 - epoch / diffusionWeightEpochs;
  return Math.max(diffusionWeight * left, diffusionWeightFloor);
}
