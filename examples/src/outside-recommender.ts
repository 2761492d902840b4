// A recommender of one's own, written here alone, trained with every matching strategy. Its encoder averages item
// vectors, its decoder multiplies by another set of them: no hidden layer, and nothing that the packages know of.
import { type DiagonalGaussian, RandomGenerator, type VariationalRecommender } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import {
  embeddingBag,
  gaussianHead,
  klDivergence,
  multinomialNegativeLogLikelihood,
  sample,
  standardGaussian,
} from "@dmrec/distributions";
import { cpdm, godm, mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";

function linearVae(itemCount: number, latentDimension: number, seed: number): VariationalRecommender {
  const random = RandomGenerator.fromSeed(seed);
  const matrix = (rows: number, columns: number): tf.Variable<tf.Rank.R2> =>
    tf.variable(
      tf.tidy(() =>
        tf.mul(0.05, tf.tensor2d(random.fillNormal(new Float32Array(rows * columns)), [rows, columns])),
      ),
    );
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

const data = syntheticCatalogue();
const trainer = await createTrainer({
  epochs: Number(process.env.EPOCHS ?? 60),
  batchSize: 256,
  adam: { learningRate: 0.005 },
});
for (const strategy of [godm({ beta: 0.8 }), cpdm({ beta: 0.6 }), mddm({ beta: 0.5 })]) {
  const recommender = withMatching(linearVae(data.itemCount, 32, 1), { language: data.language, strategy });
  await trainer.fit(recommender, data);
  const { metrics } = await trainer.evaluate(recommender, data);
  console.log(`${recommender.name}: recall@20 ${metrics["recall@20"].toFixed(4)}`);
  recommender.dispose();
}
