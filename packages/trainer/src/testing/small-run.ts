import { multVae } from "@dmrec/base-models";
import type { Recommender } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer, type ModelTrainer, type TrainingOptions } from "../index";

export const smallCatalogue = syntheticCatalogue({ users: 150, items: 80, embeddingWidth: 16, seed: 3 });

/** A trainer whose runs take a second: five steps an epoch. */
export function smallTrainer(options: TrainingOptions = {}): Promise<ModelTrainer> {
  return createTrainer({
    seed: 11,
    epochs: 6,
    batchSize: 32,
    evaluateEvery: 2,
    checkpointSeconds: 0,
    ...options,
  });
}

/** A matched model that draws noise, dropout and its mixing weight. */
export function smallRecommender(latentDimension = 8): Recommender {
  const { language, itemCount } = smallCatalogue;
  return withMatching(multVae({ itemCount, hiddenDimension: 24, latentDimension, seed: 4 }), {
    language,
    strategy: mddm({ beta: { concentration: 2 } }),
    hiddenDimension: 24,
  });
}
