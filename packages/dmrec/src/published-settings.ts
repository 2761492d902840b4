import type { TrainingOptions } from "@dmrec/trainer";
import type { BaseName, BaseOptions } from "./base-models";
import type { VariantName } from "./model-variants";

/** The datasets of the paper, and `default` for any other. */
export const settingsNames = ["default", "amazon-book", "yelp", "steam"] as const;
export type SettingsName = (typeof settingsNames)[number];

/** Settings that a publication or its program has. */
export interface PublishedSettings<Name extends BaseName> {
  readonly options: BaseOptions[Name];
  readonly training: Pick<TrainingOptions, "adam" | "batchSize">;
  /** The weight of the KL (`base`) or of the match. */
  readonly beta: number;
  /** Where each of them comes from. */
  readonly source: string;
}

interface BaseSettings<Name extends BaseName> {
  readonly options: BaseOptions[Name];
  /** What is different for a dataset. */
  readonly byDataset?: Partial<Record<SettingsName, BaseOptions[Name]>>;
  readonly training: Pick<TrainingOptions, "adam" | "batchSize">;
  /** The weight of the KL of the base model alone. */
  readonly klWeight: number;
  readonly source: string;
}

const bases: { readonly [Name in BaseName]: BaseSettings<Name> } = {
  "mult-vae": {
    options: { hiddenDimension: 600, latentDimension: 200, dropout: 0.3 },
    byDataset: { steam: { dropout: 0.2 } },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    klWeight: 1,
    source:
      "widths: Liang et al. 2018; rate, batch, dropout by dataset: the program of Zhang et al. 2025 (mult_vae_*.yml)",
  },
  cvga: {
    options: { layers: 1, latentDimension: 64, dropout: 0.3 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    klWeight: 1,
    source:
      "one layer of 64 with dropout on its output: Zhang et al. 2023 and cvga_*.py of the program of Zhang et al. 2025; the rest as for Mult-VAE",
  },
  "l-diffrec": {
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
      annealingSteps: 200,
    },
    byDataset: {
      yelp: {
        noiseScale: 0.01,
        noiseMinimum: 0.005,
        noiseMaximum: 0.01,
        diffusionWeight: 0.03,
        stepWeights: "uniform",
      },
    },
    training: {
      adam: { learningRate: 5e-4, parts: { denoiser: { learningRate: 1e-4 } } },
      batchSize: 400,
    },
    klWeight: 0.3,
    source:
      "the program of Wang et al. 2023 (L-DiffRec/main.py, and inference.py for amazon-book_clean and yelp_clean)",
  },
};

/** The weight of the match in the released program's runs of Mult-VAE (`encoder/config/beta.md`), which serve all bases. */
const betas: Readonly<Record<SettingsName, Readonly<Record<"godm" | "cpdm" | "mddm", number>>>> = {
  default: { godm: 0.8, cpdm: 0.6, mddm: 0.5 },
  "amazon-book": { godm: 0.4, cpdm: 0.2, mddm: 0.6 },
  yelp: { godm: 0.8, cpdm: 0.9, mddm: 0.4 },
  steam: { godm: 1, cpdm: 0.6, mddm: 0.5 },
};

/** What is published for a base model under a strategy, or alone, on a dataset of the paper. */
export function publishedSettings<Name extends BaseName>(
  base: Name,
  variant: VariantName = "base",
  dataset: SettingsName = "default",
): PublishedSettings<Name> {
  const { options, byDataset, training, klWeight, source }: BaseSettings<Name> = bases[base];
  const weights = betas[dataset];
  const of: Readonly<Record<VariantName, number>> = {
    base: klWeight,
    ...weights,
    "without-base-network": weights.mddm,
    "without-matching": 1,
    "without-mixing": weights.mddm,
  };
  const beta = of[variant];
  const betaSource =
    variant === "base" ? "" : "; β: encoder/config/beta.md of the program of Zhang et al. 2025";
  return {
    options: { ...options, ...byDataset?.[dataset] },
    training,
    beta,
    source: `${source}${betaSource}`,
  };
}
