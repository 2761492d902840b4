import {
  type AlphaRecOptions,
  alphaRec,
  type EaseROptions,
  easeR,
  type ItemKnnOptions,
  itemKnn,
  type LightGcnOptions,
  lightGcn,
  type MatrixFactorizationOptions,
  matrixFactorization,
  popularity,
  type RlmRecContrastiveOptions,
  type RlmRecGenerativeOptions,
  rlmRecContrastive,
  rlmRecGenerative,
} from "@dmrec/baselines";
import type { BaselineRow, CommonOptions } from "./model-row";
import { profileBaselineRows } from "./profile-baseline-rows";

/** The common options that models of embeddings without hidden layers have. */
const embeddingOptions = ({ latentDimension, seed }: CommonOptions) => ({
  ...(latentDimension !== undefined && { latentDimension }),
  ...(seed !== undefined && { seed }),
});

/** The common options that models of projected texts have. */
const hiddenOptions = ({ hiddenDimension, ...common }: CommonOptions) => ({
  ...embeddingOptions(common),
  ...(hiddenDimension !== undefined && { hiddenDimension }),
});

/** The training of every graph model in the program of Ren et al. 2024. */
const graphTraining = { adam: { learningRate: 1e-3 }, batchSize: 4096 };

const popularityRow: BaselineRow<"popularity"> = {
  name: "popularity",
  title: "popularity",
  description: "the items with the most training interactions, for everyone",
  needsProfileEmbeddings: false,
  isTrained: false,
  published: { options: {}, training: {}, source: "counts of training interactions; nothing is trained" },
  make: ({ train }) => popularity(train),
  ownOptions: () => ({}),
};

const itemKnnRow: BaselineRow<"item-knn", Omit<ItemKnnOptions, "interactions">> = {
  name: "item-knn",
  title: "ItemKNN",
  description: "the items most similar to those of the user (Deshpande and Karypis 2004)",
  needsProfileEmbeddings: false,
  isTrained: false,
  published: {
    options: { neighbors: 100, shrinkage: 10 },
    training: {},
    source:
      "the method: Deshpande and Karypis 2004; neighbours and shrinkage: usual values, not searched for",
  },
  make: ({ train }, options) => itemKnn({ interactions: train, ...options }),
  ownOptions: () => ({}),
};

const easeRRow: BaselineRow<"ease-r", Omit<EaseROptions, "interactions">> = {
  name: "ease-r",
  title: "EASE^R",
  description: "a linear model of items in closed form (Steck 2019)",
  needsProfileEmbeddings: false,
  isTrained: false,
  published: {
    options: { l2Weight: 100 },
    training: {},
    byDataset: { "amazon-book": { options: { l2Weight: 60 } } },
    source:
      "the method: Steck 2019; λ: found on the validation parts of Last.fm and Amazon-Book (bench:ease-r)",
  },
  make: ({ train }, options) => easeR({ interactions: train, ...options }),
  ownOptions: () => ({}),
};

const matrixFactorizationRow: BaselineRow<
  "matrix-factorization",
  Omit<MatrixFactorizationOptions, "userCount" | "itemCount">
> = {
  name: "matrix-factorization",
  title: "MF-BPR",
  description: "an embedding for each user and item, trained on pairs (Rendle et al. 2009)",
  needsProfileEmbeddings: false,
  published: {
    options: { latentDimension: 64, l2Weight: 1e-6 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    source:
      "the loss: Rendle et al. 2009; width, learning rate and batch size: usual values, not searched for",
  },
  make: ({ userCount, itemCount }, options) => matrixFactorization({ userCount, itemCount, ...options }),
  ownOptions: embeddingOptions,
};

const lightGcnRow: BaselineRow<"light-gcn", Omit<LightGcnOptions, "interactions">> = {
  name: "light-gcn",
  title: "LightGCN",
  description: "embeddings propagated over the graph of interactions (He et al. 2020)",
  needsProfileEmbeddings: false,
  published: {
    options: { latentDimension: 32, layers: 3, keepRate: 0.8, l2Weight: 1e-6 },
    training: graphTraining,
    byDataset: { steam: { options: { layers: 2 } } },
    source: "the program of Ren et al. 2024 (lightgcn.yml)",
  },
  make: ({ train }, options) => lightGcn({ interactions: train, ...options }),
  ownOptions: embeddingOptions,
};

const rlmRecContrastiveRow: BaselineRow<
  "rlmrec-contrastive",
  Omit<RlmRecContrastiveOptions, "interactions" | "profileEmbeddings">
> = {
  name: "rlmrec-contrastive",
  title: "RLMRec-C",
  description: "LightGCN contrasted with the embeddings of profiles (Ren et al. 2024)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 3,
      keepRate: 0.8,
      l2Weight: 1e-7,
      textWeight: 1e-2,
      temperature: 0.2,
    },
    training: graphTraining,
    byDataset: { steam: { options: { l2Weight: 1e-8, textWeight: 1e-3, temperature: 0.1 } } },
    source: "the program of Ren et al. 2024 (lightgcn_plus.yml)",
  },
  make: ({ train, profileEmbeddings }, options) =>
    rlmRecContrastive({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: embeddingOptions,
};

const rlmRecGenerativeRow: BaselineRow<
  "rlmrec-generative",
  Omit<RlmRecGenerativeOptions, "interactions" | "profileEmbeddings">
> = {
  name: "rlmrec-generative",
  title: "RLMRec-G",
  description: "LightGCN that recognises the profiles of hidden users and items (Ren et al. 2024)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 2,
      keepRate: 0.8,
      l2Weight: 1e-7,
      maskedShare: 0.15,
      textWeight: 0.1,
      temperature: 0.5,
    },
    training: graphTraining,
    byDataset: {
      yelp: { options: { maskedShare: 0.05, textWeight: 0.01, temperature: 0.1 } },
      steam: { options: { l2Weight: 1e-6 } },
    },
    source: "the program of Ren et al. 2024 (lightgcn_gene.yml)",
  },
  make: ({ train, profileEmbeddings }, options) =>
    rlmRecGenerative({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: embeddingOptions,
};

const alphaRecTraining = { adam: { learningRate: 5e-4 }, batchSize: 4096 };
const alphaRecSource = "the program of Sheng et al. 2025";

const alphaRecRow: BaselineRow<
  "alpha-rec",
  Omit<AlphaRecOptions, "interactions" | "profileEmbeddings" | "users">
> = {
  name: "alpha-rec",
  title: "AlphaRec",
  description: "projected texts propagated over the graph; users from their items (Sheng et al. 2025)",
  needsProfileEmbeddings: true,
  published: {
    options: { latentDimension: 64, layers: 2, negatives: 256, temperature: 0.15 },
    training: alphaRecTraining,
    source: alphaRecSource,
  },
  make: ({ train, profileEmbeddings }, options) =>
    alphaRec({ interactions: train, profileEmbeddings, users: "items", ...options }),
  ownOptions: hiddenOptions,
};

const alphaRecUserRow: BaselineRow<
  "alpha-rec-user",
  Omit<AlphaRecOptions, "interactions" | "profileEmbeddings" | "users">
> = {
  ...alphaRecRow,
  name: "alpha-rec-user",
  title: "AlphaRec*",
  description: "projected texts propagated over the graph; users from their profiles (Sheng et al. 2025)",
  make: ({ train, profileEmbeddings }, options) =>
    alphaRec({ interactions: train, profileEmbeddings, users: "profiles", ...options }),
};

/** Models that DMRec is compared with. */
export const baselineRows = [
  popularityRow,
  itemKnnRow,
  easeRRow,
  matrixFactorizationRow,
  lightGcnRow,
  rlmRecContrastiveRow,
  rlmRecGenerativeRow,
  alphaRecRow,
  alphaRecUserRow,
  ...profileBaselineRows,
] as const;
