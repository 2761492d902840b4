import type { ModelZoo, SettingsName } from "dmrec";
import { type ModelSettings, modelSettings } from "../accuracy-task";

/** A model as an experiment trains it, the same for all seeds. */
export interface Variant {
  /** Unique, for records and tables. */
  readonly id: string;
  readonly label: string;
  readonly model: ModelSettings;
  /** The share of users whose profiles are exchanged among each other. @default 0 */
  readonly shuffledProfiles?: number;
}

export const experimentNames = [
  "table-2",
  "table-3",
  "figure-2",
  "figure-3",
  "figure-4",
  "figure-5",
  "figure-6",
  "drawn-beta",
  "posterior",
  "profile-noise",
] as const;
export type ExperimentName = (typeof experimentNames)[number];

/** An experiment of the paper, or one that it leaves out. */
export interface Experiment {
  readonly name: ExperimentName;
  readonly title: string;
  /** The variants and the number of seeds of each. Experiments share the runs of equal variants. */
  readonly variants: readonly { readonly variant: Variant; readonly seeds: number }[];
}

/** The values of β in figure 6. */
export const betas = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** The shares of profiles that are exchanged. */
export const noiseShares = [0, 0.1, 0.5, 1];

export const seedCounts = { table: 10, baseline: 5, curve: 3 };

/** The base model of the paper's figures 3 to 6, and that of figure 2. */
export const figureBase = "mult-vae";
export const efficiencyBase = "cvga";
/** The baselines with which the paper compares, and the simple ones that it leaves out. */
const manySeeds = ["light-gcn"];

/** Every experiment for a zoo; those of data without profile embeddings are left out by the caller. */
export function experiments(zoo: ModelZoo, settings: SettingsName): readonly Experiment[] {
  const model = (base: string, name: string, more: Partial<ModelSettings> = {}) =>
    variantOf(zoo, settings, base, name, more);
  const of = (seeds: number, ...variants: Variant[]) => variants.map((variant) => ({ variant, seeds }));
  const { table, baseline, curve } = seedCounts;
  const strategies = zoo.rows.strategies.filter(({ isAblation }) => !isAblation).map(({ name }) => name);
  const ablations = ["without-base-network", "without-matching", "without-mixing"];
  const pair = [model(figureBase, "base"), model(figureBase, "mddm")];
  return [
    {
      name: "table-2",
      title: "Base models, unmatched and under each matching strategy",
      variants: of(
        table,
        ...zoo.baseNames.flatMap((base) => ["base", ...strategies].map((name) => model(base, name))),
      ),
    },
    {
      name: "table-3",
      title: "DMRec-M beside systems with language models and simple methods",
      variants: [
        ...zoo.baselineNames.flatMap((name) =>
          of(manySeeds.includes(name) ? table : baseline, model(figureBase, name)),
        ),
        ...of(table, model(figureBase, "mddm")),
      ],
    },
    {
      name: "figure-2",
      title: "Efficiency of training",
      variants: of(curve, model(efficiencyBase, "base"), model(efficiencyBase, "mddm")),
    },
    { name: "figure-3", title: "Gain by the activity of users", variants: of(table, ...pair) },
    { name: "figure-4", title: "Activity of the dimensions of z", variants: of(table, ...pair) },
    {
      name: "figure-5",
      title: "Ablations",
      variants: of(baseline, ...pair, ...ablations.map((name) => model(figureBase, name))),
    },
    {
      name: "figure-6",
      title: "The weight β of the match",
      variants: of(
        curve,
        model(figureBase, "base"),
        ...strategies.flatMap((name) => betas.map((beta) => model(figureBase, name, { beta }))),
      ),
    },
    {
      name: "drawn-beta",
      title: "β drawn in each step instead of fixed",
      variants: of(curve, ...pair, model(figureBase, "mddm-drawn-beta")),
    },
    {
      name: "posterior",
      title: "Which posterior is decoded",
      variants: of(curve, ...pair, model(figureBase, "mddm", { posterior: "collaborative" })),
    },
    {
      name: "profile-noise",
      title: "Profiles exchanged among users",
      variants: of(
        curve,
        model(figureBase, "base"),
        ...noiseShares.map((share) => withNoise(model(figureBase, "mddm"), share)),
      ),
    },
  ];
}

function variantOf(
  zoo: ModelZoo,
  settings: SettingsName,
  base: string,
  name: string,
  more: Partial<ModelSettings>,
): Variant {
  const isBaseline = zoo.baselineNames.includes(name);
  const titleOf = (rows: readonly { readonly name: string; readonly title: string }[], wanted: string) =>
    rows.find((row) => row.name === wanted)?.title ?? wanted;
  const { baseModels, strategies, baselines } = zoo.rows;
  const baseTitle = titleOf(baseModels, base);
  const details = [
    ...(more.beta === undefined ? [] : [`β ${more.beta}`]),
    ...(more.posterior === undefined ? [] : [`${more.posterior} posterior`]),
  ];
  const label = isBaseline
    ? titleOf(baselines, name)
    : name === "base"
      ? baseTitle
      : `${baseTitle}, ${titleOf(strategies, name)}`;
  return {
    id: [...(isBaseline ? [] : [base]), name, ...details].join("/").replaceAll(" ", "-"),
    label: [label, ...details].join(", "),
    model: { ...modelSettings(zoo, name, { base, settings }), ...more },
  };
}

function withNoise(variant: Variant, share: number): Variant {
  if (share === 0) return variant;
  const percent = `${100 * share}%`;
  return {
    ...variant,
    id: `${variant.id}/noise-${share}`,
    label: `${variant.label}, ${percent} of profiles exchanged`,
    shuffledProfiles: share,
  };
}
