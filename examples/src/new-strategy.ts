// A new matching strategy is one function: here, the Rényi divergence of order 1/2 between the two spaces.

import { multVae } from "@dmrec/base-models";
import { syntheticCatalogue } from "@dmrec/data";
import { klDivergence, renyiDivergence, standardGaussian } from "@dmrec/distributions";
import { type MatchingStrategy, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";

function renyiMatching(beta: number): MatchingStrategy {
  return {
    name: "renyi",
    configuration: { name: "renyi", beta },
    loss: ({ collaborative, language, decoded }) => ({
      regularization: tf.mean(klDivergence(decoded, standardGaussian)),
      matching: tf.mul(beta, tf.mean(renyiDivergence(collaborative, language, { order: 0.5 }))),
    }),
  };
}

const data = syntheticCatalogue();
const trainer = await createTrainer({ epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
const model = multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 });
const recommender = withMatching(model, { language: data.language, strategy: renyiMatching(0.2) });
await trainer.fit(recommender, data);
console.log((await trainer.evaluate(recommender, data)).metrics);
recommender.dispose();
