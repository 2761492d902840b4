import {
  type DiagonalGaussian,
  type ForwardContext,
  type LossTerms,
  RandomGenerator,
  type TensorsOf,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import {
  klDivergence,
  multinomialNegativeLogLikelihood,
  sample,
  standardGaussian,
} from "@dmrec/distributions";
import { embeddingBag, embeddingTable, gaussianHead } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

/** Initial weights, which the optimizer trains. */
function initialWeights(itemCount: number, latentDimension: number, seed: number) {
  const random = RandomGenerator.fromSeed(seed);
  return {
    encoder: embeddingTable(itemCount, 2 * latentDimension, random),
    decoder: embeddingTable(latentDimension, itemCount, random),
  };
}

type Tensors = TensorsOf<ReturnType<typeof initialWeights>>;

/** A complete recommender outside the packages: a variational autoencoder of two matrices and no hidden layer. */
export class LinearVae implements VariationalRecommender {
  readonly name = "linear-vae";
  readonly reads = { interactions: true, profile: false, userIndex: false };
  readonly examples = { kind: "users" } as const;
  readonly configuration;
  readonly parameters;

  constructor(
    readonly itemCount: number,
    readonly latentDimension: number,
    seed = 1,
  ) {
    this.configuration = { name: this.name, itemCount, latentDimension, seed };
    this.parameters = initialWeights(itemCount, latentDimension, seed);
  }

  encode({ encoder }: Tensors, batch: UserBatch, context: ForwardContext): DiagonalGaussian {
    const weights = context.dropout(batch.weights, 0.3);
    return gaussianHead(embeddingBag(encoder, { ...batch, weights }));
  }

  decode({ decoder }: Tensors, latent: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(latent, decoder);
  }

  reconstructionLoss(
    tensors: Tensors,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    { normal }: ForwardContext,
  ): LossTerms {
    const latent = sample(posterior, normal<tf.Rank.R2>([batch.userCount, this.latentDimension]));
    const losses = multinomialNegativeLogLikelihood(this.decode(tensors, latent), batch);
    return { reconstruction: tf.mean(losses) };
  }

  loss(tensors: Tensors, batch: UserBatch, context: ForwardContext): LossTerms {
    const posterior = this.encode(tensors, batch, context);
    const regularization = tf.mean<tf.Scalar>(klDivergence(posterior, standardGaussian));
    return { ...this.reconstructionLoss(tensors, batch, posterior, context), regularization };
  }

  scores(tensors: Tensors, batch: UserBatch, context: ForwardContext): tf.Tensor2D {
    return this.decode(tensors, this.encode(tensors, batch, context).mean);
  }
}
