import {
  type KarOptions,
  kar,
  type LlmRecOptions,
  llmRec,
  type ProExOptions,
  type ProMaxOptions,
  proEx,
  proMax,
} from "@dmrec/baselines";
import type { BaselineRow, CommonOptions } from "./model-row";

/** The options of a model that the data determines. */
type FromData = "interactions" | "profileEmbeddings";

const embeddingOptions = ({ latentDimension, seed }: CommonOptions) => ({
  ...(latentDimension !== undefined && { latentDimension }),
  ...(seed !== undefined && { seed }),
});

/** The training of every graph model in the programs of Ren et al. 2024 and Zhang et al. 2026. */
const graphTraining = { adam: { learningRate: 1e-3 }, batchSize: 4096 };

const karRow: BaselineRow<"kar", Omit<KarOptions, FromData>> = {
  name: "kar",
  title: "KAR",
  description:
    "LightGCN with adapted texts of users and items (Xi et al. 2024; the port to LightGCN is ours)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 3,
      keepRate: 0.8,
      l2Weight: 1e-6,
      hiddenDimension: 128,
      sharedExperts: 2,
      specificExperts: 5,
    },
    training: graphTraining,
    byDataset: { steam: { options: { layers: 2 } } },
    source:
      "the experts: Xi et al. 2024; the rest: LightGCN in the program of Ren et al. 2024 (lightgcn.yml); the port to LightGCN is this project's own, and not searched for",
  },
  make: ({ train, profileEmbeddings }, options) =>
    kar({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: ({ hiddenDimension, ...common }) => ({
    ...(hiddenDimension !== undefined && { hiddenDimension }),
    ...embeddingOptions(common),
  }),
};

const llmRecRow: BaselineRow<"llm-rec", Omit<LlmRecOptions, FromData>> = {
  name: "llm-rec",
  title: "LLMRec, without a language model",
  description: "LightGCN with propagated texts and pairs that are chosen by profile (Wei et al. 2024)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 2,
      augmentedShare: 0.1,
      prunedShare: 0.71,
      userTextWeight: 2.8,
      itemTextWeight: 0.005,
      textRankingWeight: 0.012,
    },
    training: {
      adam: { learningRate: 1e-4, weightDecay: 0.01, maximumGradientNorm: 1 },
      batchSize: 1024,
    },
    source:
      "the program of Wei et al. 2024 (its settings for Netflix), except for the width, which is 64 there and that of the other baselines here",
  },
  make: ({ train, profileEmbeddings }, options) =>
    llmRec({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: embeddingOptions,
};

const proExRow: BaselineRow<"pro-ex", Omit<ProExOptions, FromData>> = {
  name: "pro-ex",
  title: "ProEx, without a language model",
  description: "LightGCN with mixtures of several profiles of each user and item (Zhang et al. 2026)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 3,
      l2Weight: 1e-6,
      environments: 4,
      concentration: 0.1,
      varianceWeight: 10,
      uniformityWeight: 0.4,
      temperature: 0.2,
    },
    training: graphTraining,
    byDataset: {
      yelp: { options: { environments: 3 } },
      steam: { options: { environments: 2, uniformityWeight: 2 } },
    },
    source: "the program of Zhang et al. 2026 (lightgcn_proex.yml)",
  },
  make: ({ train, profileEmbeddings }, options) =>
    proEx({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: embeddingOptions,
};

const proMaxRow: BaselineRow<"pro-max", Omit<ProMaxOptions, FromData>> = {
  name: "pro-max",
  title: "ProMax, without a language model",
  description: "LightGCN with whitened texts and a second graph of retrieved items (Zhang et al. 2026)",
  needsProfileEmbeddings: true,
  published: {
    options: {
      latentDimension: 32,
      layers: 3,
      l2Weight: 1e-6,
      distillationWeight: 1.5,
      contrastWeight: 0.05,
      distillationTemperature: 0.2,
      temperature: 0.2,
    },
    training: graphTraining,
    byDataset: {
      yelp: { options: { distillationWeight: 0.5, contrastWeight: 0.1 } },
      steam: { options: { distillationWeight: 0.5, contrastWeight: 0.1, temperature: 0.5 } },
    },
    source: "the program of Zhang et al. 2026 (lightgcn_promax.yml); the number of retrieved items: a guess",
  },
  make: ({ train, profileEmbeddings }, options) =>
    proMax({ interactions: train, profileEmbeddings, ...options }),
  ownOptions: embeddingOptions,
};

/** Baselines on LightGCN that read profiles as KAR, LLMRec and the successors of DMRec do. */
export const profileBaselineRows = [karRow, llmRecRow, proExRow, proMaxRow] as const;
