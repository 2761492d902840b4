import {
  assertFiniteMatrix,
  assertShape,
  assertTrainingInteractions,
  contentFingerprint,
  type DenseMatrix,
  type DiagonalGaussian,
  type ForwardContext,
  invalidOption,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type TensorsOf,
  type TrainingInteractions,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import { multinomialNegativeLogLikelihood, sample } from "@dmrec/distributions";
import { applyDense, xavierLayer } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { scoresAtMean, variationalLoss } from "../variational-base";
import { clusterSizes } from "./cluster-sizes";
import { clusteredEncoder, encodeClusters } from "./clustered-encoder";
import { denoise, denoiser } from "./denoiser";
import { Diffusion, type Predict } from "./diffusion";
import { itemClusters } from "./item-clusters";
import { scheduleNames } from "./noise-schedule";

const share = z.number().min(0).lt(1);

export interface LDiffRecOptions {
  /** The interactions to train on. Items are clustered by them, too, if nothing else is given for that. */
  readonly interactions: TrainingInteractions;
  /** Embeddings that items are clustered by, `[items, width]`. @default an SVD of the interactions */
  readonly itemEmbeddings?: DenseMatrix | undefined;
  /**
   * Known groups of items, such as genres: the group of each, `[items]`, from 0 on without a gap. They replace `clusters`.
   *
   * @default clusters that are found by k-means
   */
  readonly clusterOfItem?: Int32Array | undefined;
  /** Groups of items with an encoder each; 1 for none. @default 2 */
  readonly clusters?: number;
  /** Dimensions of z₀. @default 300 */
  readonly latentDimension?: number;
  /** The probability of leaving an interaction out of the encoders' input. @default 0.1 */
  readonly dropout?: number;
  /** Width of the denoiser's hidden layer. @default 300 */
  readonly denoiserDimension?: number;
  /** Width of the embedding of a step. @default 10 */
  readonly timeDimension?: number;
  /** The probability of leaving a dimension of a noisy z out of the denoiser's input. @default 0.5 */
  readonly denoiserDropout?: number;
  /** T, the steps of the diffusion. @default 5 */
  readonly steps?: number;
  /** The growth of the noise from step to step. @default "linear-var" */
  readonly schedule?: (typeof scheduleNames)[number];
  /** Scales `noiseMinimum` and `noiseMaximum` (linear schedules only). @default 0.5 */
  readonly noiseScale?: number;
  /** The variance of the noise of the first step (linear schedules only). @default 0.001 */
  readonly noiseMinimum?: number;
  /**
   * The variance of the noise of the last step for `linear`, and of the noise of all steps for `linear-var`.
   *
   * @default 0.005
   */
  readonly noiseMaximum?: number;
  /** The denoiser's prediction: z₀, or the noise. @default "start" */
  readonly prediction?: "start" | "noise";
  /** The weights of the steps' errors: the share of the signal that each step takes, or all alike. @default "signal-to-noise" */
  readonly stepWeights?: "signal-to-noise" | "uniform";
  /** T′, the steps of noise at inference. @default 0 */
  readonly inferenceSteps?: number;
  /** λ, the weight of the diffusion at the start. @default 0.05 */
  readonly diffusionWeight?: number;
  /** The lower bound of λ, from the start on: λ is never 0 unless this is 0, too. @default 0.005 */
  readonly diffusionWeightFloor?: number;
  /** Epochs over which λ would fall to 0; 0 for a constant λ. @default 500 */
  readonly diffusionWeightEpochs?: number;
  /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. @default 0.3 */
  readonly klWeight?: number;
  /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. @default 200 */
  readonly annealingSteps?: number;
  /** The seed of the clusters, the initial parameters and the noise at inference. @default 2024 */
  readonly seed?: number;
}

const optionsSchema = z
  .strictObject({
    clusters: z.int().positive().default(2),
    latentDimension: z.int().positive().default(300),
    dropout: share.default(0.1),
    denoiserDimension: z.int().positive().default(300),
    timeDimension: z.int().min(2).default(10),
    denoiserDropout: share.default(0.5),
    steps: z.int().positive().default(5),
    schedule: z.enum(scheduleNames).default("linear-var"),
    noiseScale: z.number().positive().default(0.5),
    noiseMinimum: z.number().positive().lt(1).default(0.001),
    noiseMaximum: z.number().positive().lt(1).default(0.005),
    prediction: z.enum(["start", "noise"]).default("start"),
    stepWeights: z.enum(["signal-to-noise", "uniform"]).default("signal-to-noise"),
    inferenceSteps: z.int().nonnegative().default(0),
    diffusionWeight: z.number().nonnegative().default(0.05),
    diffusionWeightFloor: z.number().nonnegative().default(0.005),
    diffusionWeightEpochs: z.int().nonnegative().default(500),
    klWeight: z.number().nonnegative().default(0.3),
    annealingSteps: z.int().nonnegative().default(200),
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

/**
 * L-DiffRec: diffusion in the latent space of a variational autoencoder (Wang et al. 2023, section 3.4).
 *
 * Every cluster of items has its encoder, z₀ ~ q(z₀|x) is noised to a drawn step, a denoiser predicts ẑ₀, and one linear
 * layer decodes it. The loss is λ times the denoiser's error, − log p(x|ẑ₀), and the annealed KL(q ‖ N(0, I)). At
 * inference z₀ = μ is denoised T times. The published settings train it with AdamW and a lower rate for the parameter
 * group `denoiser`.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError if the embeddings or groups are not those of the items.
 * @throws InvalidDataError if an embedding is not finite, or there is nothing to cluster items by.
 * @example
 * lDiffRec({ interactions: data.train, clusters: 2 });
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
    return new LDiffRec(checkedGroups(clusterOfItem, itemCount, latentDimension), settings, random);
  if (clusters > itemCount) fail("clusters", `${clusters} are more than the ${itemCount} items`);
  if (clusters > latentDimension)
    fail(
      "clusters",
      `${clusters} are more than latentDimension, ${latentDimension}; expected a dimension each`,
    );
  return new LDiffRec(itemClusters({ interactions, clusters, itemEmbeddings, random }), settings, random);
}

function checkedGroups(clusterOfItem: Int32Array, itemCount: number, latentDimension: number): Int32Array {
  assertShape("the clusters of items", [clusterOfItem.length], [itemCount]);
  const isGroup = (group: number) => Number.isInteger(group) && group >= 0 && group < itemCount;
  const possible = clusterOfItem.every(isGroup);
  const sizes = possible ? clusterSizes(clusterOfItem) : [];
  if (!possible || sizes.includes(0)) fail("clusterOfItem", "expected every number from 0 on, without a gap");
  if (sizes.length > latentDimension) fail("clusterOfItem", "has more groups than latentDimension");
  return clusterOfItem;
}

function fail(path: string, message: string): never {
  throw invalidOption(`lDiffRec.${path}`, message);
}

type Settings = z.output<typeof optionsSchema>;

function initialParameters(clusterOfItem: Int32Array, settings: Settings, random: RandomGenerator) {
  const { latentDimension, denoiserDimension, timeDimension, steps } = settings;
  // The order of the draws is part of what a seed means.
  const encoder = clusteredEncoder({ clusterOfItem, latentDimension, random });
  const decoder = xavierLayer(latentDimension, clusterOfItem.length, random);
  const denoising = { latentDimension, hiddenDimension: denoiserDimension, timeDimension, steps, random };
  return { encoder, decoder, denoiser: denoiser(denoising) };
}

type Parameters = TensorsOf<ReturnType<typeof initialParameters>>;

class LDiffRec implements VariationalRecommender {
  readonly name = "l-diffrec";
  readonly reads = { interactions: true, profile: false, userIndex: false };
  readonly examples = { kind: "users" } as const;
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly parameters;
  readonly #diffusion: Diffusion;

  constructor(clusterOfItem: Int32Array, settings: Settings, random: RandomGenerator) {
    const itemCount = clusterOfItem.length;
    const clusters = clusterSizes(clusterOfItem);
    // Weights belong to a clustering: another one of the same sizes is another model.
    const clusterFingerprint = contentFingerprint(clusterOfItem);
    this.configuration = { name: this.name, itemCount, ...settings, clusters, clusterFingerprint };
    this.itemCount = itemCount;
    this.latentDimension = settings.latentDimension;
    this.parameters = initialParameters(clusterOfItem, settings, random);
    this.#diffusion = new Diffusion(settings, random);
  }

  encode({ encoder }: Parameters, batch: UserBatch, context: ForwardContext): DiagonalGaussian {
    const weights = context.dropout(batch.weights, this.configuration.dropout);
    return encodeClusters(encoder, { ...batch, weights });
  }

  /** Denoises latent vectors and decodes them. */
  decode(parameters: Parameters, latent: tf.Tensor2D, context: ForwardContext): tf.Tensor2D {
    const denoised = this.#diffusion.reverse(latent, this.#predict(parameters, context));
    return applyDense(parameters.decoder, denoised);
  }

  reconstructionLoss(
    parameters: Parameters,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms {
    const { diffusionWeight, diffusionWeightFloor, diffusionWeightEpochs } = this.configuration;
    const start = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, this.latentDimension]));
    const predict = this.#predict(parameters, context);
    const { loss, denoised } = this.#diffusion.trainingLoss(start, predict, context);
    const weight = context.feed<tf.Rank.R0>([], ({ epoch }) => {
      const left = diffusionWeightEpochs === 0 ? 1 : 1 - epoch / diffusionWeightEpochs;
      return [Math.max(diffusionWeight * left, diffusionWeightFloor)];
    });
    const logits = applyDense(parameters.decoder, denoised);
    return {
      reconstruction: tf.mean(multinomialNegativeLogLikelihood(logits, batch)),
      diffusion: tf.mul(weight, loss),
    };
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

  #predict(parameters: Parameters, context: ForwardContext): Predict {
    const settings = { context, dropout: this.configuration.denoiserDropout };
    return (noisy, steps) => denoise(parameters.denoiser, noisy, steps, settings);
  }
}
