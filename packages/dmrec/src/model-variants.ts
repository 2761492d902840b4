import { multVae } from "@dmrec/base-models";
import { InvalidDataError, parseOptions, type Recommender, type SplitDataset } from "@dmrec/core";
import {
  cpdm,
  godm,
  type MatchingStrategy,
  mddm,
  withMatching,
  withoutMatching,
  withoutMixing,
} from "@dmrec/matching";
import { z } from "zod";

/** The models of the paper's tables by name: the base, the three strategies, and the ablations of section 3.3.3. */
export const variantNames = [
  "base",
  "godm",
  "cpdm",
  "mddm",
  "without-base-network",
  "without-matching",
  "without-mixing",
] as const;
export type VariantName = (typeof variantNames)[number];

/** The weight of the KL (`base`) or of the match, where none is given: those of the released program's Yelp and Steam runs. */
export const defaultBeta: Readonly<Record<VariantName, number>> = {
  base: 1,
  godm: 0.8,
  cpdm: 0.6,
  mddm: 0.5,
  "without-base-network": 0.5,
  "without-matching": 1,
  "without-mixing": 0.5,
};

const optionsSchema = z.strictObject({
  beta: z.number().nonnegative().optional(),
  dropout: z.number().min(0).lt(1).default(0.3),
  hiddenDimension: z.int().positive().default(600),
  latentDimension: z.int().positive().default(200),
  /** Of a matched model: the share of a step's users who are known by their profile alone. */
  profileOnlyShare: z.number().min(0).lt(1).default(0),
  seed: z.int().nonnegative().default(2024),
});

export type VariantOptions = z.input<typeof optionsSchema>;

/**
 * A Mult-VAE for a dataset, alone or matched with its language embeddings in one of the named ways.
 *
 * @throws InvalidDataError where a matched model is asked for and the data has no embeddings.
 */
export function createVariant(
  name: VariantName,
  data: SplitDataset,
  options: VariantOptions = {},
): Recommender {
  const {
    beta = defaultBeta[name],
    profileOnlyShare,
    ...settings
  } = parseOptions("createVariant", optionsSchema, options);
  const base = (klWeight: number) => multVae({ itemCount: data.itemCount, klWeight, ...settings });
  if (name === "base") return base(beta);
  if (!data.language) {
    throw new InvalidDataError({
      source: data.name,
      actual: `no language embeddings for the model "${name}"`,
      expected: "item_embeddings.npy and user_embeddings.npy (the model `base` needs none)",
    });
  }
  const { dropout, hiddenDimension, seed } = settings;
  return withMatching(base(1), {
    language: data.language,
    strategy: strategyOf(name, beta),
    baseNetwork: name === "without-base-network" ? "profile" : "interactions-and-profile",
    dropout,
    hiddenDimension,
    profileOnlyShare,
    seed,
  });
}

function strategyOf(name: Exclude<VariantName, "base">, beta: number): MatchingStrategy {
  switch (name) {
    case "godm":
      return godm({ beta });
    case "cpdm":
      return cpdm({ beta });
    case "mddm":
    case "without-base-network":
      return mddm({ beta });
    case "without-matching":
      return withoutMatching();
    case "without-mixing":
      return withoutMixing({ beta });
  }
}
