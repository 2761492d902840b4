import { InvalidDataError, InvalidOptionsError, type SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { createTrainer, eager } from "@dmrec/trainer";
import { describe, expect, it } from "vitest";
import { createModel, defaultZoo, publishedSettings } from "./default-zoo";
import { settingsNames } from "./model-row";
import type { ModelZoo } from "./model-zoo";
import { createZoo } from "./zoo";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const widths = { hiddenDimension: 8, latentDimension: 6 };
const zoo: ModelZoo = defaultZoo;

describe.each(zoo.baseNames)("the published settings of %s", (base) => {
  it.each(settingsNames)("train it on %s, unmatched and matched", async (settings) => {
    for (const name of ["base", "mddm"]) {
      const { training, source } = zoo.publishedSettings(base, name, settings);
      expect(source).toMatch(/20\d\d/);
      const recommender = zoo.createModel(name, data, { base, settings, ...widths });
      const trainer = await createTrainer({ ...training, epochs: 1, engine: eager({ backend: "cpu" }) });
      await using model = await trainer.fit(recommender, data);
      expect(model.training.steps).toBe(1);
    }
  });
});

describe("publishedSettings", () => {
  it("are the dataset's own, and give way to given options", () => {
    expect(publishedSettings("mult-vae", "godm", "amazon-book").beta).toBe(0.4);
    expect(publishedSettings("mult-vae", "base", "steam").options).toMatchObject({ dropout: 0.2 });
    expect(publishedSettings("l-diffrec", "base", "yelp").options.noiseScale).toBe(0.01);
    expect(publishedSettings("l-diffrec", "base", "amazon-book").training.adam?.learningRate).toBe(5e-4);
    expect(publishedSettings("l-diffrec").training).toMatchObject({
      adam: { learningRate: 1e-3, parameterGroups: { denoiser: { learningRate: 1e-4 } } },
      batchSize: 400,
    });
    const { configuration } = createModel("base", data, {
      base: "l-diffrec",
      settings: "yelp",
      ...widths,
      dropout: 0.2,
      ownOptions: { diffusionWeight: 0.07 },
    });
    expect(configuration).toMatchObject({
      name: "l-diffrec",
      noiseScale: 0.01,
      dropout: 0.2,
      diffusionWeight: 0.07,
      denoiserDimension: 8,
      klWeight: 0.3,
    });
  });

  it("have no β without a match", () => {
    expect(publishedSettings("mult-vae")).not.toHaveProperty("beta");
    expect(publishedSettings("mult-vae", "without-matching")).not.toHaveProperty("beta");
    expect(publishedSettings("popularity")).not.toHaveProperty("klWeight");
  });
});

describe("createModel", () => {
  it.each(["godm", "cpdm", "without-matching", "without-mixing"] as const)(
    "gives the KL of %s its weight in the base model",
    (name) => {
      const strategy = (options: Parameters<typeof createModel<typeof name>>[2]) =>
        createModel(name, data, { ...options, ...widths }).configuration.strategy;
      expect(strategy({ base: "mult-vae" })).toMatchObject({ klWeight: 1 });
      expect(publishedSettings("l-diffrec", name).klWeight).toBe(0.3);
      expect(zoo.createModel(name, data, { base: "l-diffrec", ...widths }).configuration).toMatchObject({
        strategy: { klWeight: 0.3 },
      });
      expect(strategy({ klWeight: 0.2 })).toMatchObject({ klWeight: 0.2 });
      expect(strategy({ klWeight: 0.2, ownOptions: { klWeight: 0.1 } })).toMatchObject({ klWeight: 0.1 });
    },
  );

  it("weighs the KL of a base model by klWeight, and refuses a β without a match", () => {
    expect(createModel("base", data, { ...widths, klWeight: 0.2 }).configuration).toMatchObject({
      klWeight: 0.2,
    });
    for (const name of ["base", "without-matching", "popularity"] as const)
      expect(() => createModel(name, data, { beta: 0.2 })).toThrow(
        new RegExp(`createModel: beta: "${name}" matches nothing`),
      );
  });

  it("makes baselines without training from their own options, and checks them", () => {
    expect(createModel("ease-r", data, { ownOptions: { l2Weight: 30 } }).configuration).toMatchObject({
      name: "ease-r",
      l2Weight: 30,
    });
    expect(createModel("item-knn", data, { ownOptions: { neighbors: 7 } }).configuration).toMatchObject({
      name: "item-knn",
      neighbors: 7,
      shrinkage: 10,
    });
    expect(() => createModel("ease-r", data, { ownOptions: { l2Weight: 0 } })).toThrow(/^easeR: l2Weight/);
  });

  it.each(["light-gcn", "rlmrec-contrastive", "rlmrec-generative"] as const)(
    "drops a fifth of the edges of %s in a training step, as the program of Ren et al. 2024 does",
    (name) => expect(createModel(name, data).configuration).toMatchObject({ keepRate: 0.8 }),
  );

  it("refuses an unknown name", () => {
    // @ts-expect-error
    expect(() => publishedSettings("cvga", "mddm", "lastfm")).toThrow(
      /publishedSettings: dataset: .*"lastfm".*"yelp"/,
    );
    // @ts-expect-error
    expect(() => createModel("dmrec", data)).toThrow(/createModel: name: .*"mddm"/);
    // @ts-expect-error
    expect(() => createModel("base", data, { base: "l-difrec" })).toThrow(/createModel: base: .*"l-diffrec"/);
    // @ts-expect-error
    expect(() => defaultZoo.createBaseModel("l-difrec", data, {})).toThrow(
      /createBaseModel: base: .*"l-diffrec"/,
    );
  });

  it("is refused before a model is made if β or the data does not suit it", () => {
    expect(() => defaultZoo.validateModelOptions("mddm", data, { beta: 1.5 })).toThrow(InvalidOptionsError);
    expect(() => createModel("mddm", data, { ...widths, beta: 1.5 })).toThrow(/mddm: beta/);
    expect(() => defaultZoo.validateModelOptions("mddm", data, { dropout: 2 })).toThrow(
      /validateModelOptions: dropout/,
    );
    const { profileEmbeddings, ...withoutEmbeddings } = data;
    expect(profileEmbeddings).toBeDefined();
    const validate = () => defaultZoo.validateModelOptions("mddm", withoutEmbeddings);
    expect(validate).toThrow(InvalidDataError);
    expect(validate).toThrow(/no profile embeddings for the model "mddm"; expected item_embeddings/);
    defaultZoo.validateModelOptions("base", withoutEmbeddings);
  });

  it.each(["base", "mddm"] as const)("is checked with the own options of its base model: %s", (name) => {
    for (const [base, ownOptions] of [
      ["mult-vae", { annealingSteps: -1 }],
      ["l-diffrec", { steps: 0 }],
      ["l-diffrec", { clusters: 1000 }],
      ["cvga", { depth: 2 }],
    ] as const) {
      const options = { ...widths, base, ownOptions };
      expect(() => zoo.createModel(name, data, options)).toThrow(InvalidOptionsError);
      const validate: (name: "base" | "mddm", data: SplitDataset, options: object) => void =
        defaultZoo.validateModelOptions.bind(defaultZoo);
      expect(() => validate(name, data, options)).toThrow(InvalidOptionsError);
    }
  });
});

describe("a zoo", () => {
  it("compares the base model and the strategies of the paper, without embeddings only the base model", () => {
    expect(defaultZoo.defaultModels(data)).toEqual(["base", "godm", "cpdm", "mddm"]);
    expect(defaultZoo.defaultModels({})).toEqual(["base"]);
    expect(defaultZoo.quickModels(data)).toEqual(["base", "mddm"]);
    expect(defaultZoo.quickModels({})).toEqual(["base"]);
  });

  it("refuses a name that is taken, and no base model", () => {
    const { strategies, baseModels } = defaultZoo.rows;
    expect(() => defaultZoo.with({ strategies: [strategies[0]] })).toThrow(
      /createZoo: strategies: "godm" is taken/,
    );
    const reserved = { ...baseModels[0], name: "base" };
    expect(() => createZoo({ baseModels: [reserved], strategies: [], baselines: [] })).toThrow(
      /"base" is taken/,
    );
    expect(() => createZoo({ baseModels: [], strategies: [], baselines: [] })).toThrow(
      /expected at least one/,
    );
  });
});
