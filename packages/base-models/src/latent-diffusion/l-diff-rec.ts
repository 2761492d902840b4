import {
  assertFiniteMatrix,
  assertShape,
  contentFingerprint,
  type DenseMatrix,
  type DiagonalGaussian,
  type ForwardContext,
  type InteractionBatch,
  InvalidOptionsError,
  type LossTerms,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
  type TrainingMemory,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  applyDense,
  type DenseLayer,
  multinomialNegativeLogLikelihood,
  sample,
  xavierLayer,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { assertTrainingInteractions } from "../training-interactions";
import { variationalLoss } from "../variational-loss";
import { clusterSizes } from "./cluster-sizes";
import { ClusteredEncoder } from "./clustered-encoder";
import { Denoiser } from "./denoiser";
import { Diffusion } from "./diffusion";
import { itemClusters } from "./item-clusters";
import { scheduleNames } from "./noise-schedule";

const share = z.number().min(0).lt(1);

const optionsSchema = z
  .strictObject({
    /** Groups of items with an encoder each; 1 for none. */
    clusters: z.int().positive().default(2),
    latentDimension: z.int().positive().default(300),
    /** The probability with which an interaction is left out of the encoders' input. */
    dropout: share.default(0.1),
    /** Width of the denoiser's hidden layer. */
    denoiserDimension: z.int().positive().default(300),
    /** Width of the embedding of a step. */
    timeDimension: z.int().min(2).default(10),
    /** The probability with which a dimension of a noisy z is left out of the denoiser's input. */
    denoiserDropout: share.default(0.5),
    /** T, the steps of the diffusion. */
    steps: z.int().positive().default(5),
    /** How the noise grows from step to step. */
    schedule: z.enum(scheduleNames).default("linear-var"),
    /** Of the linear schedules: what the two next ones are multiplied by. */
    noiseScale: z.number().positive().default(0.5),
    noiseMinimum: z.number().positive().lt(1).default(0.001),
    noiseMaximum: z.number().positive().lt(1).default(0.005),
    /** What the denoiser predicts: z₀, or the noise. */
    prediction: z.enum(["start", "noise"]).default("start"),
    /** How the errors of the steps are weighted: by the share of the signal that each step takes, or all alike. */
    stepWeights: z.enum(["signal-to-noise", "uniform"]).default("signal-to-noise"),
    /** T′, the steps of noise at inference. */
    inferenceSteps: z.int().nonnegative().default(0),
    /** λ, the weight of the diffusion at the start. */
    diffusionWeight: z.number().nonnegative().default(0.05),
    /** What λ never falls below. */
    diffusionWeightFloor: z.number().nonnegative().default(0.005),
    /** Epochs over which λ would fall to 0; 0 for a constant one. */
    diffusionWeightEpochs: z.int().nonnegative().default(500),
    /** The weight of KL(q ‖ N(0, I)) when the model is trained alone; the cap of the annealing. */
    klWeight: z.number().nonnegative().default(0.3),
    /** Steps over which the KL's weight rises from 0 to `klWeight`; 0 for a constant weight. */
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

/** The other schedules read none of the options of noise. */
function isLinear({ schedule }: { readonly schedule: (typeof scheduleNames)[number] }): boolean {
  return schedule === "linear" || schedule === "linear-var";
}

export interface LDiffRecOptions extends z.input<typeof optionsSchema> {
  readonly interactions: TrainingInteractions;
  /** What items are clustered by, `[items, width]`; an SVD of the interactions by default. */
  readonly itemEmbeddings?: DenseMatrix;
  /** Groups of items that are known, such as genres: the group of each, from 0 on without a gap; in the place of `clusters`. */
  readonly clusterOfItem?: Int32Array;
}

/**
 * L-DiffRec: diffusion in the latent space of a variational autoencoder (Wang et al. 2023, section 3.4).
 *
 * Every cluster of items has its encoder, z₀ ~ q(z₀|x) is noised to a drawn step, a denoiser predicts ẑ₀, and one linear
 * layer decodes it. The loss is λ times the denoiser's error, − log p(x|ẑ₀), and the annealed KL(q ‖ N(0, I)). At
 * inference z₀ = μ is denoised T times. The published settings train it with AdamW and a lower rate for the part
 * `denoiser`. The tensor backend must be set before: `await createTrainer()` does that.
 *
 * @throws InvalidOptionsError
 * @throws ShapeMismatchError when the embeddings or groups are not those of the items.
 * @throws InvalidDataError when an embedding is not finite, or there is nothing to cluster items by.
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
  throw new InvalidOptionsError("lDiffRec", [{ path, message }]);
}

class LDiffRec implements VariationalRecommender {
  readonly name = "l-diffrec";
  readonly configuration;
  readonly itemCount: number;
  readonly latentDimension: number;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly memory: TrainingMemory;
  readonly #encoder: ClusteredEncoder;
  readonly #diffusion: Diffusion;
  readonly #decoder: DenseLayer;

  constructor(clusterOfItem: Int32Array, options: z.output<typeof optionsSchema>, random: RandomGenerator) {
    const { latentDimension, denoiserDimension, timeDimension, denoiserDropout, steps } = options;
    const itemCount = clusterOfItem.length;
    const clusters = clusterSizes(clusterOfItem);
    // Weights belong to a clustering: another one of the same sizes is another model.
    const clusterFingerprint = contentFingerprint(clusterOfItem);
    this.configuration = { name: this.name, itemCount, ...options, clusters, clusterFingerprint };
    this.itemCount = itemCount;
    this.latentDimension = latentDimension;
    this.#encoder = new ClusteredEncoder({ clusterOfItem, latentDimension, random });
    this.#decoder = xavierLayer(latentDimension, itemCount, random);
    const denoiser = new Denoiser({
      latentDimension,
      hiddenDimension: denoiserDimension,
      timeDimension,
      dropout: denoiserDropout,
      steps,
      random,
    });
    this.#diffusion = new Diffusion(options, denoiser, random);
    this.memory = this.#diffusion.sampler;
    this.variables = {
      ...prefixed("encoder", this.#encoder.variables),
      ...prefixed("denoiser", denoiser.variables),
      "decoder.weights": this.#decoder.weights,
      "decoder.bias": this.#decoder.bias,
    };
  }

  encode(batch: InteractionBatch, context: ForwardContext): DiagonalGaussian {
    const weights = context.dropout(batch.weights, this.configuration.dropout);
    return this.#encoder.encode({ ...batch, weights });
  }

  /** Denoises latent vectors and decodes them. */
  decode(latent: tf.Tensor2D, context: ForwardContext): tf.Tensor2D {
    return applyDense(this.#decoder, this.#diffusion.reverse(latent, context));
  }

  reconstructionLoss(
    batch: InteractionBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms {
    const { diffusionWeight, diffusionWeightFloor, diffusionWeightEpochs } = this.configuration;
    const start = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, this.latentDimension]));
    const { loss, denoised } = this.#diffusion.trainingLoss(start, context);
    const weight = context.hostInput<tf.Rank.R0>([], ({ epoch }) => {
      const left = diffusionWeightEpochs === 0 ? 1 : 1 - epoch / diffusionWeightEpochs;
      return [Math.max(diffusionWeight * left, diffusionWeightFloor)];
    });
    const logits = applyDense(this.#decoder, denoised);
    return {
      reconstruction: tf.mean(multinomialNegativeLogLikelihood(logits, batch)),
      diffusion: tf.mul(weight, loss),
    };
  }

  loss(batch: InteractionBatch, context: ForwardContext): LossTerms {
    return variationalLoss(this, batch, context, this.configuration);
  }

  scores(batch: InteractionBatch, context: ForwardContext): tf.Tensor2D {
    return this.decode(this.encode(batch, context).mean, context);
  }

  dispose(): void {
    this.#encoder.dispose();
    tf.dispose(Object.values(this.variables));
  }
}

function prefixed(
  prefix: string,
  variables: Readonly<Record<string, tf.Variable>>,
): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [`${prefix}.${name}`, variable]),
  );
}
