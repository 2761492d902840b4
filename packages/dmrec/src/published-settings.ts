import { parseOptions } from "@dmrec/core";
import type { TrainingOptions } from "@dmrec/trainer";
import { z } from "zod";
import { type BaseName, type BaseOptions, baseNames } from "./base-models";
import { type VariantName, variantNames } from "./variant-names";

/** The datasets of the paper, and `default` for any other. */
export const settingsNames = ["default", "amazon-book", "yelp", "steam"] as const;
export type SettingsName = (typeof settingsNames)[number];

/** Settings that a publication or its program has. */
export interface PublishedSettings<Name extends BaseName> {
  readonly options: BaseOptions[Name];
  readonly training: Pick<TrainingOptions, "adam" | "batchSize">;
  /** The weight of the base model's KL, alone and, where a strategy's KL has a weight of its own, matched. */
  readonly klWeight: number;
  /** The weight of the match; of the KL where nothing is matched (`base`, `without-matching`). */
  readonly beta: number;
  /** Where each of them comes from. */
  readonly source: string;
}

type Training = PublishedSettings<BaseName>["training"];

interface BaseSettings<Name extends BaseName> {
  readonly options: BaseOptions[Name];
  readonly training: Training;
  /** What is different for a dataset. */
  readonly byDataset?: Partial<
    Record<SettingsName, { readonly options?: BaseOptions[Name]; readonly training?: Training }>
  >;
  readonly klWeight: number;
  readonly source: string;
}

const bases: { readonly [Name in BaseName]: BaseSettings<Name> } = {
  "mult-vae": {
    options: { hiddenDimension: 600, latentDimension: 200, dropout: 0.3 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    byDataset: { steam: { options: { dropout: 0.2 } } },
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
    training: {
      adam: { learningRate: 5e-4, parts: { denoiser: { learningRate: 1e-4 } } },
      batchSize: 400,
    },
    byDataset: {
      default: { training: { adam: { learningRate: 1e-3, parts: { denoiser: { learningRate: 1e-4 } } } } },
      yelp: { options: { noiseScale: 0.01, noiseMinimum: 0.005, noiseMaximum: 0.01, diffusionWeight: 0.03 } },
    },
    klWeight: 0.3,
    source:
      "the program of Wang et al. 2023 (L-DiffRec/main.py, and inference.py for amazon-book_clean and, but for its weights of steps, yelp_clean); for other data the encoders' rate is 0.001, the best of its search on the validation part of Last.fm",
  },
};

/**
 * The weight of the match in the released program's runs of Mult-VAE (`encoder/config/beta.md`), which serve all bases; for
 * other data Yelp's of GODM and Steam's of the others.
 */
const betas: Readonly<Record<SettingsName, Readonly<Record<"godm" | "cpdm" | "mddm", number>>>> = {
  default: { godm: 0.8, cpdm: 0.6, mddm: 0.5 },
  "amazon-book": { godm: 0.4, cpdm: 0.2, mddm: 0.6 },
  yelp: { godm: 0.8, cpdm: 0.9, mddm: 0.4 },
  steam: { godm: 1, cpdm: 0.6, mddm: 0.5 },
};

const namesSchema = z.object({
  base: z.enum(baseNames),
  variant: z.enum(variantNames),
  dataset: z.enum(settingsNames),
});

/**
 * What is published for a base model under a strategy, or alone, on a dataset of the paper; for other data (`default`) what
 * serves it best of what is published, as `source` says.
 *
 * @throws InvalidOptionsError for an unknown name.
 */
export function publishedSettings<Name extends BaseName>(
  base: Name,
  variant: VariantName = "base",
  dataset: SettingsName = "default",
): PublishedSettings<Name> {
  parseOptions("publishedSettings", namesSchema, { base, variant, dataset });
  const { options, byDataset, training, klWeight, source }: BaseSettings<Name> = bases[base];
  const weights = betas[dataset];
  const of: Readonly<Record<VariantName, number>> = {
    base: klWeight,
    ...weights,
    "without-base-network": weights.mddm,
    "without-matching": klWeight,
    "without-mixing": weights.mddm,
  };
  const isMatched = variant !== "base" && variant !== "without-matching";
  const betaSource = isMatched
    ? "; β: encoder/config/beta.md of the program of Zhang et al. 2025, its runs of Mult-VAE"
    : "";
  return {
    options: { ...options, ...byDataset?.[dataset]?.options },
    training: { ...training, ...byDataset?.[dataset]?.training },
    klWeight,
    beta: of[variant],
    source: `${source}${betaSource}`,
  };
}
