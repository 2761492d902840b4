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
import { type BaseName, type BaseOptions, baseNames, createBase } from "./base-models";
import { publishedSettings, settingsNames } from "./published-settings";
import { type VariantName, variantNames } from "./variant-names";

const optionsSchema = z.strictObject({
  /** The base model. */
  base: z.enum(baseNames).default("mult-vae"),
  /** Whose published settings stand where nothing is given. */
  settings: z.enum(settingsNames).default("default"),
  /** The weight of the match; of the KL where nothing is matched (`base`, `without-matching`). */
  beta: z.number().nonnegative().optional(),
  /** Of the base model and of the meta-network. */
  dropout: z.number().min(0).lt(1).optional(),
  /** Width of the hidden layers: of Mult-VAE, of L-DiffRec's denoiser and of the meta-network. */
  hiddenDimension: z.int().positive().optional(),
  latentDimension: z.int().positive().optional(),
  /** Of a matched model: the share of a step's users who are known by their profile alone. */
  profileOnlyShare: z.number().min(0).lt(1).default(0),
  seed: z.int().nonnegative().default(2024),
});

export interface VariantOptions<Name extends BaseName = BaseName> extends z.input<typeof optionsSchema> {
  readonly base?: Name;
  /** Further options of the base model, by the names of its own function; they win. */
  readonly baseOptions?: BaseOptions[Name];
}

/** Of the meta-network (Zhang et al. 2025 and its program). */
const metaNetwork = { dropout: 0.3, hiddenDimension: 600 };

/**
 * A base model for a dataset, alone or matched with its language embeddings in one of the named ways, with its published
 * settings where none are given ({@link publishedSettings}).
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError where a matched model is asked for and the data has no embeddings.
 */
export function createVariant<Name extends BaseName = "mult-vae">(
  name: VariantName,
  data: SplitDataset,
  options: VariantOptions<Name> = {},
): Recommender {
  const { baseOptions } = options;
  const { base, seed, published, klWeight, strategy, ...parsed } = planVariant(name, data, options);
  const { dropout, hiddenDimension, latentDimension } = parsed;
  const widths = hiddenDimension === undefined ? {} : { [hiddenOptions[base]]: hiddenDimension };
  const model = createBase(base, data, {
    ...published.options,
    ...(dropout === undefined ? {} : { dropout }),
    ...(latentDimension === undefined ? {} : { latentDimension }),
    ...widths,
    klWeight,
    seed,
    ...baseOptions,
  });
  if (!strategy) return model;
  return withMatching(model, {
    language: data.language,
    strategy,
    baseNetwork: name === "without-base-network" ? "profile" : "interactions-and-profile",
    dropout: dropout ?? metaNetwork.dropout,
    hiddenDimension: hiddenDimension ?? metaNetwork.hiddenDimension,
    profileOnlyShare: parsed.profileOnlyShare,
    seed,
  });
}

/**
 * Refuses what {@link createVariant} would, before anything is trained or held in memory.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError
 */
export function assertVariant<Name extends BaseName = "mult-vae">(
  name: VariantName,
  data: SplitDataset,
  options: VariantOptions<Name> = {},
): void {
  planVariant(name, data, options);
}

/** The checked options of a variant, and its strategy: what needs no model. */
function planVariant<Name extends BaseName>(
  name: VariantName,
  data: SplitDataset,
  { baseOptions, ...given }: VariantOptions<Name>,
) {
  const owner = "createVariant";
  parseOptions(owner, z.object({ name: z.enum(variantNames) }), { name });
  const options = parseOptions(owner, optionsSchema, given);
  const { base, settings, beta } = options;
  if (name !== "base" && !data.language) {
    throw new InvalidDataError({
      source: data.name,
      actual: `no language embeddings for the model "${name}"`,
      expected: "item_embeddings.npy and user_embeddings.npy (the model `base` needs none)",
    });
  }
  const published = publishedSettings(base, name, settings);
  const weight = name === "base" || name === "without-matching" ? beta : undefined;
  const klWeight = baseOptions?.klWeight ?? weight ?? published.klWeight;
  const strategy = name === "base" ? undefined : strategyOf(name, beta ?? published.beta, klWeight);
  return { ...options, published, klWeight, strategy };
}

/** What each base calls the width of its hidden layers. */
const hiddenOptions: Readonly<Record<BaseName, string>> = {
  "mult-vae": "hiddenDimension",
  cvga: "hiddenDimension",
  "l-diffrec": "denoiserDimension",
};

/** Strategies that regularise as the base model alone does it, with its own weight. */
function strategyOf(
  name: Exclude<VariantName, "base">,
  beta: number,
  regularizationWeight: number,
): MatchingStrategy {
  switch (name) {
    case "godm":
      return godm({ beta, regularizationWeight });
    case "cpdm":
      return cpdm({ beta, regularizationWeight });
    case "mddm":
    case "without-base-network":
      return mddm({ beta });
    case "without-matching":
      return withoutMatching({ regularizationWeight });
    case "without-mixing":
      return withoutMixing({ beta, regularizationWeight });
  }
}
