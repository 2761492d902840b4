import {
  type CvgaOptions,
  cvga,
  type LDiffRecOptions,
  lDiffRec,
  type MultVaeOptions,
  multVae,
} from "@dmrec/base-models";
import type { BaseModelRow, CommonOptions } from "./model-row";

/** The common options of a model whose loss has no softmax over all items. */
const withoutSoftmax = ({ softmaxSamples: _, softmaxProposal: __, ...common }: CommonOptions) => common;

const multVaeRow: BaseModelRow<"mult-vae", Omit<MultVaeOptions, "itemCount">> = {
  name: "mult-vae",
  title: "Mult-VAE",
  description: "variational autoencoder with a multinomial likelihood (Liang et al. 2018)",
  needsProfileEmbeddings: false,
  outputWidth: 600,
  published: {
    options: { hiddenDimension: 600, latentDimension: 200, dropout: 0.3, klWeight: 1 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    byDataset: { steam: { options: { dropout: 0.2 } } },
    source:
      "widths: Liang et al. 2018; learning rate, batch size and dropout by dataset: the program of Zhang et al. 2025 (mult_vae_*.yml)",
  },
  make: ({ itemCount }, options) => multVae({ itemCount, ...options }),
  ownOptions: (common) => common,
  klWeight: ({ klWeight = 1 }) => klWeight,
};

const cvgaRow: BaseModelRow<"cvga", Omit<CvgaOptions, "interactions">> = {
  name: "cvga",
  title: "CVGA",
  description: "variational graph autoencoder over users and items (Zhang et al. 2023)",
  needsProfileEmbeddings: false,
  outputWidth: 64,
  published: {
    options: { layers: 1, latentDimension: 64, dropout: 0.3, klWeight: 1 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    source:
      "one layer of 64 with dropout on its output: Zhang et al. 2023 and cvga_*.py of the program of Zhang et al. 2025; the rest as for Mult-VAE",
  },
  make: ({ train }, options) => cvga({ interactions: train, ...options }),
  // The last layer is the output: a model of one layer has no hidden one.
  ownOptions: ({ hiddenDimension, ...common }, { layers = 1 }) => ({
    ...withoutSoftmax(common),
    ...(hiddenDimension !== undefined && layers > 1 && { hiddenDimension }),
  }),
  klWeight: ({ klWeight = 1 }) => klWeight,
};

const lDiffRecRow: BaseModelRow<"l-diffrec", Omit<LDiffRecOptions, "interactions">> = {
  name: "l-diffrec",
  title: "L-DiffRec",
  description: "latent diffusion over clusters of items (Wang et al. 2023)",
  needsProfileEmbeddings: false,
  outputWidth: 300,
  published: {
    options: {
      clusters: 2,
      latentDimension: 300,
      dropout: 0.1,
      denoiserDimension: 300,
      denoiserDropout: 0.5,
      steps: 5,
      schedule: "linear-var",
      noiseScale: 0.5,
      noiseMinimum: 0.001,
      noiseMaximum: 0.005,
      diffusionWeight: 0.05,
      diffusionWeightFloor: 0.005,
      diffusionWeightEpochs: 500,
      klWeight: 0.3,
      annealingSteps: 200,
    },
    training: {
      adam: { learningRate: 5e-4, parameterGroups: { denoiser: { learningRate: 1e-4 } } },
      batchSize: 400,
    },
    byDataset: {
      default: {
        training: {
          adam: { learningRate: 1e-3, parameterGroups: { denoiser: { learningRate: 1e-4 } } },
          batchSize: 400,
        },
      },
      yelp: { options: { noiseScale: 0.01, noiseMinimum: 0.005, noiseMaximum: 0.01, diffusionWeight: 0.03 } },
    },
    source:
      "the program of Wang et al. 2023 (L-DiffRec/main.py, and inference.py for amazon-book_clean and, except for its step weights, yelp_clean); for other data the encoders' learning rate is 0.001, the best of a search on the validation part of Last.fm",
  },
  make: ({ train }, options) => lDiffRec({ interactions: train, ...options }),
  ownOptions: ({ hiddenDimension, ...common }) => ({
    ...withoutSoftmax(common),
    ...(hiddenDimension === undefined ? {} : { denoiserDimension: hiddenDimension }),
  }),
  klWeight: ({ klWeight = 0.3 }) => klWeight,
};

/** The base models of the paper's Table 2. */
export const baseModelRows = [multVaeRow, cvgaRow, lDiffRecRow] as const;
