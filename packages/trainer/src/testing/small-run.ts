import { lDiffRec, multVae } from "@dmrec/base-models";
import type { OpenRecommender, Recommender, Trainer } from "@dmrec/core";
import { gatherRows, syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer, type TrainerOptions } from "../index";

export const smallCatalogue = syntheticCatalogue({ users: 150, items: 80, embeddingWidth: 16, seed: 3 });

/** A trainer whose runs take a second: five steps an epoch. */
export function smallTrainer({ evaluation, ...options }: TrainerOptions = {}): Promise<Trainer> {
  return createTrainer({
    seed: 11,
    epochs: 6,
    batchSize: 32,
    evaluation: { interval: 2, ...evaluation },
    checkpointIntervalSeconds: 0,
    ...options,
  });
}

/** A matched model that draws noise, dropout and its mixing weight. */
export function smallRecommender(latentDimension = 8): Recommender {
  const { profileEmbeddings, itemCount } = smallCatalogue;
  return withMatching(multVae({ itemCount, hiddenDimension: 24, latentDimension, seed: 4 }), {
    profileEmbeddings,
    strategy: mddm({ beta: { concentration: 2 } }),
    hiddenDimension: 24,
  });
}

/** A model that remembers its steps: it draws diffusion steps by the losses of those before. */
export function rememberingRecommender(): Recommender {
  return lDiffRec({
    interactions: smallCatalogue.train,
    clusters: 1,
    latentDimension: 8,
    denoiserDimension: 16,
    steps: 3,
    noiseMaximum: 0.02,
    noiseScale: 1,
    diffusionWeight: 1,
    seed: 4,
  });
}

/** The model's scores of some users: equal weights give equal scores, to the bit. */
export function scoresOf(
  model: OpenRecommender,
  users: readonly number[] = [0, 1, 2],
): Promise<Float32Array> {
  return model.score(gatherRows(smallCatalogue.train, Int32Array.from(users)));
}
