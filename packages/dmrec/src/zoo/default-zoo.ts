import { baseModelRows } from "./base-model-rows";
import { baselineRows } from "./baseline-rows";
import type { ZooRows } from "./model-zoo";
import { strategyRows } from "./strategy-rows";
import { createZoo } from "./zoo";

const rows = { baseModels: baseModelRows, strategies: strategyRows, baselines: baselineRows } as const;

/** The names and options of the models that this package brings. */
export interface DefaultRows extends ZooRows {
  readonly baseModels: typeof baseModelRows;
  readonly strategies: typeof strategyRows;
  readonly baselines: typeof baselineRows;
}

/** The base models and strategies of the paper, its ablations, and baselines. */
export const defaultZoo = createZoo<DefaultRows>(rows);

/**
 * Makes a model of the default zoo by name: `base`, a strategy on the base model, or a baseline, with published settings for
 * everything not given.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError if a model needs profile embeddings and the data has none.
 * @example
 * const recommender = createModel("mddm", data, { base: "cvga", beta: 0.4 });
 */
export const createModel: (typeof defaultZoo)["createModel"] = (name, data, options) =>
  defaultZoo.createModel(name, data, options);

/**
 * Returns what is published for a base model, with or without a strategy, or for a baseline, on a dataset.
 *
 * @throws InvalidOptionsError for an unknown name.
 * @example
 * publishedSettings("l-diffrec", "mddm", "yelp").training;
 */
export const publishedSettings: (typeof defaultZoo)["publishedSettings"] = (name, model, dataset) =>
  defaultZoo.publishedSettings(name, model, dataset);
