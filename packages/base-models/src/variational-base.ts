import type { DiagonalGaussian, ForwardContext, ItemSample, LossTerms, UserBatch } from "@dmrec/core";
import {
  type ItemLayer,
  klDivergence,
  multinomialNegativeLogLikelihood,
  sample,
  sampledMultinomialNegativeLogLikelihood,
  standardGaussian,
} from "@dmrec/distributions";
import { inItemTables } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { annealedWeight } from "./annealed-weight";

/** The settings of the KL when a model is trained alone. */
export interface KlSettings {
  readonly klWeight: number;
  readonly annealingSteps: number;
}

/** The parts of a variational autoencoder of users. The rest follows from its encoder and its decoder. */
export interface Autoencoder<Parameters> {
  readonly latentDimension: number;
  encode(parameters: Parameters, batch: UserBatch, context: ForwardContext): DiagonalGaussian;
  decode(parameters: Parameters, latent: tf.Tensor2D, context: ForwardContext): tf.Tensor2D;
}

/** −log p(x|z) of one draw of z from the posterior (Liang et al. 2018, eq. 2). */
export function multinomialReconstruction<Parameters>(
  model: Autoencoder<Parameters>,
  parameters: Parameters,
  batch: UserBatch,
  posterior: DiagonalGaussian,
  context: ForwardContext,
): LossTerms {
  const noise = context.normal<tf.Rank.R2>([batch.userCount, model.latentDimension]);
  const logits = model.decode(parameters, sample(posterior, noise), context);
  return { reconstruction: tf.mean(multinomialNegativeLogLikelihood(logits, batch)) };
}

/** The parts of an autoencoder whose softmax may be sampled. */
export interface SampledAutoencoder<Parameters> extends Autoencoder<Parameters> {
  /** The last layer of the decoder. */
  itemLayer(parameters: Parameters): ItemLayer;
  /** Its input, `[users, width]`. */
  decodeHidden(parameters: Parameters, latent: tf.Tensor2D): tf.Tensor2D;
}

/** An estimate of {@link multinomialReconstruction} from the batch's sample of items. */
export function sampledReconstruction<Parameters>(
  model: SampledAutoencoder<Parameters>,
  parameters: Parameters,
  batch: UserBatch & { readonly sample: ItemSample },
  posterior: DiagonalGaussian,
  context: ForwardContext,
): LossTerms {
  const noise = context.normal<tf.Rank.R2>([batch.userCount, model.latentDimension]);
  const hidden = model.decodeHidden(parameters, sample(posterior, noise));
  const layer = model.itemLayer(parameters);
  const losses = sampledMultinomialNegativeLogLikelihood(layer, hidden, inItemTables(batch));
  return { reconstruction: tf.mean(losses) };
}

/** The loss of a variational recommender used alone: the reconstruction, and the annealed KL to the standard Gaussian. */
export function variationalLoss(
  posterior: DiagonalGaussian,
  context: ForwardContext,
  { klWeight, annealingSteps }: KlSettings,
  reconstruct: () => LossTerms,
): LossTerms {
  const weight = annealedWeight(context, klWeight, annealingSteps);
  return {
    ...reconstruct(),
    regularization: tf.mul(weight, tf.mean(klDivergence(posterior, standardGaussian))),
  };
}

/** Scores of all items at z = μ. */
export function scoresAtMean<Parameters>(
  model: Autoencoder<Parameters>,
  parameters: Parameters,
  batch: UserBatch,
  context: ForwardContext,
): tf.Tensor2D {
  return model.decode(parameters, model.encode(parameters, batch, context).mean, context);
}
