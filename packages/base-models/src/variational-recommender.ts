import type {
  DiagonalGaussian,
  ForwardContext,
  JsonObject,
  LossTerms,
  ParameterTree,
  TensorBranch,
  UserBatch,
  VariationalRecommender,
} from "@dmrec/core";
import {
  klDivergence,
  multinomialNegativeLogLikelihood,
  sample,
  standardGaussian,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { annealedWeight } from "./annealed-weight";

/** The parts in which the variational recommenders of this package differ. */
export interface VariationalParts<Tensors extends TensorBranch> {
  readonly name: string;
  readonly itemCount: number;
  readonly settings: JsonObject & {
    readonly latentDimension: number;
    readonly klWeight: number;
    readonly annealingSteps: number;
  };
  /** Further entries of the configuration that tell models of the same settings apart. Default: none. */
  readonly identity?: JsonObject;
  readonly parameters: ParameterTree;
  prepare?(parameters: TensorBranch): TensorBranch;
  encode(parameters: Tensors, batch: UserBatch, context: ForwardContext): DiagonalGaussian;
  decode(parameters: Tensors, latent: tf.Tensor2D, context: ForwardContext): tf.Tensor2D;
  /** Default: −log p(x|z) of a multinomial with the decoded logits of one draw of z. */
  reconstructionLoss?(
    parameters: Tensors,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms;
}

/**
 * A recommender that encodes users by their interactions. Its own loss is the reconstruction and the annealed
 * KL(q ‖ N(0, I)), and its scores are the decoded means.
 */
export function variationalRecommender<Tensors extends TensorBranch>({
  settings,
  identity,
  ...parts
}: VariationalParts<Tensors>): VariationalRecommender {
  const { name, itemCount, encode, decode } = parts;
  const { latentDimension, klWeight, annealingSteps } = settings;

  const reconstructionLoss =
    parts.reconstructionLoss ??
    ((parameters: Tensors, batch: UserBatch, posterior: DiagonalGaussian, context: ForwardContext) => {
      const latent = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, latentDimension]));
      const logits = decode(parameters, latent, context);
      return { reconstruction: tf.mean<tf.Scalar>(multinomialNegativeLogLikelihood(logits, batch)) };
    });

  return {
    ...parts,
    configuration: { name, itemCount, ...settings, ...identity },
    latentDimension,
    reads: { interactions: true, profile: false, userIndex: false },
    examples: { kind: "users" },
    reconstructionLoss,
    loss(parameters: Tensors, batch: UserBatch, context) {
      const posterior = encode(parameters, batch, context);
      const weight = annealedWeight(context, klWeight, annealingSteps);
      return {
        ...reconstructionLoss(parameters, batch, posterior, context),
        regularization: tf.mul(weight, tf.mean(klDivergence(posterior, standardGaussian))),
      };
    },
    scores: (parameters: Tensors, batch, context) =>
      decode(parameters, encode(parameters, batch, context).mean, context),
  };
}
