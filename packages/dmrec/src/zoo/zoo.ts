import {
  InvalidDataError,
  invalidOption,
  parseOptions,
  type Recommender,
  type SplitDataset,
  type VariationalRecommender,
} from "@dmrec/core";
import { withMatching } from "@dmrec/matching";
import { z } from "zod";
import {
  type BaselineRow,
  type BaseModelRow,
  type CommonOptions,
  type ModelRow,
  type SettingsName,
  type StrategyRow,
  settingsNames,
} from "./model-row";

import type {
  BaselineName,
  BaselineOptions,
  BaseName,
  BaseOptions,
  CombinedRows,
  ModelEntry,
  ModelName,
  ModelOptions,
  ModelZoo,
  OwnOptions,
  PublishedSettings,
  ResolvedModel,
  StrategyName,
  ZooRows,
} from "./model-zoo";

const share = z.number().min(0).lt(1);
const width = z.int().positive();

const optionsSchema = z.strictObject({
  beta: z.number().nonnegative().optional(),
  klWeight: z.number().nonnegative().optional(),
  dropout: share.optional(),
  hiddenDimension: width.optional(),
  latentDimension: width.optional(),
  softmaxSamples: z.int().nonnegative().optional(),
  softmaxProposal: z.enum(["log-uniform", "popularity"]).optional(),
  posterior: z.enum(["sum", "collaborative"]).default("sum"),
  coldStartRate: share.default(0),
  seed: z.int().nonnegative().default(2024),
  settings: z.enum(settingsNames).default("default"),
});

/** The meta-network of Zhang et al. 2025 and its program. */
const metaNetwork = { dropout: 0.3, hiddenDimension: 600 };

/** Names that a zoo uses itself. */
const reservedNames = ["base"];

/**
 * Collects models: base models, matching strategies that apply to each of them, and baselines. A model is one row, and
 * everything that lists, makes or measures models takes them from a zoo.
 *
 * @throws InvalidOptionsError if there is no base model, or two rows have one name.
 * @example
 * const zoo = createZoo({ baseModels: [myModelRow], strategies: [], baselines: [] });
 */
export function createZoo<const Rows extends ZooRows>(rows: Rows): Zoo<Rows> {
  return new Zoo(rows);
}

/** The models that can be made by name. */
export class Zoo<Rows extends ZooRows = ZooRows> implements ModelZoo {
  readonly rows: Rows;

  constructor(rows: Rows) {
    const { baseModels, strategies, baselines } = rows;
    if (baseModels.length === 0) throw invalidOption("createZoo.baseModels", "expected at least one");
    const names = new Set(reservedNames);
    for (const [kind, group] of Object.entries({ baseModels, strategies, baselines })) {
      for (const { name } of group) {
        if (names.has(name)) throw invalidOption(`createZoo.${kind}`, `"${name}" is taken by another row`);
        names.add(name);
      }
    }
    this.rows = rows;
  }

  /**
   * Returns a zoo with further rows.
   *
   * @throws InvalidOptionsError if a name is taken.
   * @example
   * const zoo = defaultZoo.with({ strategies: [{ name: "renyi", … }] });
   */
  with<const More extends Partial<ZooRows>>(more: More): Zoo<CombinedRows<Rows, More>> {
    return new Zoo<CombinedRows<Rows, More>>({
      baseModels: [...this.rows.baseModels, ...(more.baseModels ?? [])],
      strategies: [...this.rows.strategies, ...(more.strategies ?? [])],
      baselines: [...this.rows.baselines, ...(more.baselines ?? [])],
    });
  }

  get baseNames(): readonly BaseName<Rows>[] {
    return this.rows.baseModels.map(({ name }) => name);
  }

  get baselineNames(): readonly BaselineName<Rows>[] {
    return this.rows.baselines.map(({ name }) => name);
  }

  /** The models to compare: the unmatched base model, the strategies, the baselines. */
  get modelNames(): readonly ModelName<Rows>[] {
    const { strategies, baselines } = this.rows;
    return ["base", ...strategies.map(({ name }) => name), ...baselines.map(({ name }) => name)];
  }

  /** The models to compare, with descriptions. */
  get models(): readonly ModelEntry[] {
    const base = {
      name: "base",
      title: "base model",
      description: "the base model without a strategy",
      needsProfileEmbeddings: false,
    };
    const matched = this.rows.strategies.map((row) => ({ ...row, needsProfileEmbeddings: true }));
    return [base, ...matched, ...this.rows.baselines];
  }

  /** The models that are compared if none are named: the base model and, if the data has embeddings, every strategy except ablations. */
  defaultModels({ profileEmbeddings }: Pick<SplitDataset, "profileEmbeddings">): readonly ModelName<Rows>[] {
    if (!profileEmbeddings) return ["base"];
    return ["base", ...this.rows.strategies.filter((row) => !row.isAblation).map(({ name }) => name)];
  }

  /** The models that are compared on a folder if none are named: as {@link Zoo.defaultModels}, without strategies on request. */
  quickModels(data: Pick<SplitDataset, "profileEmbeddings">): readonly ModelName<Rows>[] {
    const onRequest = this.rows.strategies.filter((row) => row.isOnRequest).map(({ name }) => name);
    return this.defaultModels(data).filter((name) => !onRequest.includes(name));
  }

  /**
   * Makes a model by name, with published settings for everything not given.
   *
   * @throws InvalidOptionsError
   * @throws InvalidDataError if a model needs profile embeddings and the data has none.
   * @example
   * const recommender = zoo.createModel("mddm", data, { base: "cvga", latentDimension: 32 });
   */
  createModel<Name extends ModelName<Rows>, Base extends BaseName<Rows> = Rows["baseModels"][0]["name"]>(
    name: Name,
    data: SplitDataset,
    options: ModelOptions<Base, OwnOptions<Rows, Name, Base>> = {},
  ): Recommender {
    return this.make(this.resolve(name, data, options), data);
  }

  /**
   * Makes a base model by name. Its options are its own, with the defaults of its own function.
   *
   * @throws InvalidOptionsError
   */
  createBaseModel<Name extends BaseName<Rows>>(
    name: Name,
    data: SplitDataset,
    options: BaseOptions<Rows, Name>,
  ): VariationalRecommender {
    return this.#base("createBaseModel", name).make(data, options);
  }

  /**
   * Checks what {@link Zoo.createModel} would, the model's own options included. It makes the model and drops it, because only
   * the model's function knows what suits it.
   *
   * @throws InvalidOptionsError
   * @throws InvalidDataError
   */
  validateModelOptions<
    Name extends ModelName<Rows>,
    Base extends BaseName<Rows> = Rows["baseModels"][0]["name"],
  >(name: Name, data: SplitDataset, options: ModelOptions<Base, OwnOptions<Rows, Name, Base>> = {}): void {
    this.make(this.#resolve("validateModelOptions", name, data, options), data);
  }

  /**
   * Returns what is published for a base model or a baseline; for other data (`default`) the published settings that suit
   * it best, as `source` explains.
   *
   * @param model A strategy, for its β, or `base`.
   * @throws InvalidOptionsError for an unknown name.
   */
  publishedSettings<Name extends BaseName<Rows> | BaselineName<Rows>>(
    name: Name,
    model: "base" | StrategyName<Rows> = "base",
    dataset: SettingsName = "default",
  ): PublishedSettings<BaseOptions<Rows, Name> | BaselineOptions<Rows, Name>> {
    return this.#published("publishedSettings", name, model, dataset);
  }

  /**
   * Makes every choice about a model: the given ones, else the published ones.
   *
   * @throws InvalidOptionsError
   * @throws InvalidDataError if the model needs profile embeddings and the data has none.
   */
  resolve(name: string, data: SplitDataset, options: ModelOptions = {}): ResolvedModel {
    return this.#resolve("createModel", name, data, options);
  }

  /** Makes a model of which every choice is made. */
  make({ name, base, options, matching }: ResolvedModel, data: SplitDataset): Recommender {
    if (base === undefined) return this.#baseline("make", name).make(data, options);
    const model = this.#base("make", base).make(data, options);
    if (!matching) return model;
    const { beta = 0, klWeight, ...network } = matching;
    return withMatching(model, {
      profileEmbeddings: data.profileEmbeddings,
      strategy: this.#strategy("make", name).make({ beta, klWeight }),
      ...network,
    });
  }

  #resolve(owner: string, name: string, data: SplitDataset, given: ModelOptions): ResolvedModel {
    assertName(`${owner}.name`, name, this.modelNames);
    const { base: baseName = this.baseNames[0], ownOptions, ...rest } = given;
    const { beta, settings, posterior, coldStartRate, ...parsed } = parseOptions(owner, optionsSchema, rest);
    const common = commonOptions(parsed);
    const baseline = this.rows.baselines.find((row) => row.name === name);
    if (baseline) {
      if (beta !== undefined) throw noMatch(owner, name);
      const { options, training, source } = this.#published(owner, name, "base", settings);
      if (baseline.needsProfileEmbeddings) assertEmbeddings(name, data);
      const others = { ...options, ...ownOptions };
      const own = { ...options, ...baseline.ownOptions(common, others), ...ownOptions };
      return { name, options: own, training, source };
    }
    const base = this.#base(owner, baseName);
    const { options, training, source, ...published } = this.#published(owner, baseName, name, settings);
    const others = { ...options, ...ownOptions };
    const own = { ...options, ...base.ownOptions(common, others), ...ownOptions };
    if (base.needsProfileEmbeddings) assertEmbeddings(baseName, data);
    if (name === "base") {
      if (beta !== undefined) throw noMatch(owner, name);
      return { name, base: baseName, options: own, training, source };
    }
    assertEmbeddings(name, data);
    const strategy = this.#strategy(owner, name);
    if (beta !== undefined && published.beta === undefined) throw noMatch(owner, name);
    const weight = beta ?? published.beta;
    const klWeight = base.klWeight(own);
    // The strategy checks its weights.
    strategy.make({ beta: weight ?? 0, klWeight });
    return {
      name,
      base: baseName,
      options: own,
      matching: {
        ...(weight === undefined ? {} : { beta: weight }),
        klWeight,
        baseNetwork: strategy.matching?.baseNetwork ?? "interactions-and-profile",
        posterior,
        dropout: parsed.dropout ?? metaNetwork.dropout,
        hiddenDimension: parsed.hiddenDimension ?? metaNetwork.hiddenDimension,
        coldStartRate,
        seed: parsed.seed,
      },
      training,
      source,
    };
  }

  /** The caller's `Options` are those of the row with this name. */
  #published<Options extends object>(
    owner: string,
    name: string,
    model: string,
    dataset: SettingsName,
  ): PublishedSettings<Options>;
  #published(owner: string, name: string, model: string, dataset: SettingsName): PublishedSettings<object> {
    assertName(`${owner}.dataset`, dataset, settingsNames);
    const baseline = this.rows.baselines.find((row) => row.name === name);
    if (baseline) {
      if (model !== "base")
        throw invalidOption(
          `${owner}.model`,
          `"${name}" is a baseline; strategies apply to base models only`,
        );
      return settingsFor(baseline, dataset);
    }
    const base = this.#base(owner, name);
    const settings = settingsFor(base, dataset);
    const published = { ...settings, klWeight: base.klWeight(settings.options) };
    if (model === "base") return published;
    const { beta } = this.#strategy(owner, model);
    if (!beta) return published;
    return {
      ...published,
      beta: beta.byDataset?.[dataset] ?? beta.default,
      source: `${settings.source}; ${beta.source}`,
    };
  }

  #base(owner: string, name: string): BaseModelRow {
    return findRow(`${owner}.base`, name, this.rows.baseModels);
  }

  #strategy(owner: string, name: string): StrategyRow {
    return findRow(`${owner}.model`, name, this.rows.strategies);
  }

  #baseline(owner: string, name: string): BaselineRow {
    return findRow(`${owner}.name`, name, this.rows.baselines);
  }
}

function settingsFor({ published }: ModelRow, dataset: SettingsName) {
  const { options, training, byDataset, source } = published;
  const differences = byDataset?.[dataset];
  return {
    options: { ...options, ...differences?.options },
    training: { ...training, ...differences?.training },
    source,
  };
}

/** The options that are given. */
function commonOptions(given: { readonly [Name in keyof CommonOptions]: CommonOptions[Name] | undefined }) {
  const { hiddenDimension, latentDimension, dropout, klWeight, softmaxSamples, softmaxProposal, seed } =
    given;
  const common: CommonOptions = {
    ...(hiddenDimension !== undefined && { hiddenDimension }),
    ...(latentDimension !== undefined && { latentDimension }),
    ...(dropout !== undefined && { dropout }),
    ...(klWeight !== undefined && { klWeight }),
    ...(softmaxSamples !== undefined && { softmaxSamples }),
    ...(softmaxProposal !== undefined && { softmaxProposal }),
    ...(seed !== undefined && { seed }),
  };
  return common;
}

function findRow<Row extends { readonly name: string }>(
  path: string,
  name: string,
  rows: readonly Row[],
): Row {
  const row = rows.find((row) => row.name === name);
  if (row) return row;
  throw unknownName(
    path,
    name,
    rows.map((row) => row.name),
  );
}

function assertName(path: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw unknownName(path, name, names);
}

function unknownName(path: string, name: string, names: readonly string[]) {
  const expected = names.map((name) => `"${name}"`).join(", ");
  return invalidOption(path, `no ${JSON.stringify(name)}; expected one of ${expected}`);
}

function noMatch(owner: string, name: string) {
  return invalidOption(`${owner}.beta`, `"${name}" matches nothing, so it has no β`);
}

function assertEmbeddings(name: string, data: SplitDataset): void {
  if (data.profileEmbeddings) return;
  throw new InvalidDataError({
    source: data.name,
    actual: `no profile embeddings for the model "${name}"`,
    expected:
      "item_embeddings.npy and user_embeddings.npy, or a table of items with titles or texts, from which the commands make them; a base model without matching (--base mult-vae --matching none, or --models base) needs none",
  });
}
