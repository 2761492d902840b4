import { multVae } from "@dmrec/base-models";
import type { FittedRecommender, SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";

const width = 48;

export interface TrainedCatalogue {
  readonly data: SplitDataset;
  readonly encoder: TfIdfEncoder;
  readonly model: FittedRecommender;
}

/** A bookshop, the encoder of its texts, and a model that has learned in seconds to tell its topics apart. */
export async function trainedCatalogue(): Promise<TrainedCatalogue> {
  const catalogue = syntheticCatalogue({ users: 500, items: 150, topics: 6 });
  const { itemProfiles = [], userProfiles = [], itemCount } = catalogue;
  const encoder = fitTfIdfEncoder([...itemProfiles, ...userProfiles], { width });
  const embed = (texts: readonly string[]) => ({
    rowCount: texts.length,
    columnCount: width,
    values: Float32Array.from(texts.flatMap((text) => [...encoder.embed(text)])),
  });
  const profileEmbeddings = { users: embed(userProfiles), items: embed(itemProfiles) };
  const data = { ...catalogue, profileEmbeddings };
  const recommender = withMatching(multVae({ itemCount, hiddenDimension: 64, latentDimension: 24 }), {
    profileEmbeddings,
    strategy: mddm({ beta: 0.5 }),
    hiddenDimension: 64,
    coldStartRate: 0.3,
  });
  const trainer = await createTrainer({ epochs: 40, batchSize: 30, adam: { learningRate: 2e-3 } });
  return { data, encoder, model: await trainer.fit(recommender, data) };
}
