import {
  type DiagonalGaussian,
  type ForwardContext,
  type LossTerms,
  parameter,
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
import { embeddingBag, gaussianHead } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

/** Initial weights: what the optimizer trains. */
function initialWeights(itemCount: number, latentDimension: number, seed: number) {
  const random = RandomGenerator.fromSeed(seed);
  const matrix = (rows: number, columns: number) =>
    parameter(
      [rows, columns],
      random.fillNormal(new Float32Array(rows * columns)).map((value) => value / 20),
    );
  return { encoder: matrix(itemCount, 2 * latentDimension), decoder: matrix(latentDimension, itemCount) };
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
    context: ForwardContext,
  ): LossTerms {
    const latent = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, this.latentDimension]));
    const logits = this.decode(tensors, latent);
    return { reconstruction: tf.mean(multinomialNegativeLogLikelihood(logits, batch)) };
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
