import { type DiagonalGaussian, RandomGenerator, type VariationalRecommender } from "@dmrec/core";
import {
  embeddingBag,
  gaussianHead,
  klDivergence,
  multinomialNegativeLogLikelihood,
  sample,
  standardGaussian,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";

/**
 * A recommender of one's own, complete: its encoder sums item vectors, its decoder multiplies by another set of them. No
 * hidden layer, and nothing that the packages know of.
 */
export function linearVae(itemCount: number, latentDimension: number, seed: number): VariationalRecommender {
  const random = RandomGenerator.fromSeed(seed);
  const matrix = (rows: number, columns: number): tf.Variable<tf.Rank.R2> =>
    tf.tidy(() => {
      const values = random.fillNormal(new Float32Array(rows * columns));
      return tf.variable(tf.mul(0.05, tf.tensor2d(values, [rows, columns])));
    });
  const variables = {
    encoder: matrix(itemCount, 2 * latentDimension),
    decoder: matrix(latentDimension, itemCount),
  };

  const model: VariationalRecommender = {
    name: "linear-vae",
    configuration: { name: "linear-vae", itemCount, latentDimension, seed },
    itemCount,
    latentDimension,
    variables,
    encode(batch, context): DiagonalGaussian {
      const weights = context.dropout(batch.weights, 0.3);
      return gaussianHead(embeddingBag(variables.encoder, { ...batch, weights }));
    },
    decode: (latent) => tf.matMul(latent, variables.decoder),
    reconstructionLoss(batch, posterior, context) {
      const latent = sample(posterior, context.normal<tf.Rank.R2>([batch.userCount, latentDimension]));
      return {
        reconstruction: tf.mean(multinomialNegativeLogLikelihood(model.decode(latent, context), batch)),
      };
    },
    loss(batch, context) {
      const posterior = model.encode(batch, context);
      const regularization = tf.mean<tf.Scalar>(klDivergence(posterior, standardGaussian));
      return { ...model.reconstructionLoss(batch, posterior, context), regularization };
    },
    scores: (batch, context) => model.decode(model.encode(batch, context).mean, context),
    dispose: () => tf.dispose(variables),
  };
  return model;
}
