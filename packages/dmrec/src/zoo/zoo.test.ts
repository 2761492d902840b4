import { InvalidOptionsError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { baseNames, createBase } from "./base-models";
import { assertVariant, createVariant, type VariantOptions } from "./model-variants";
import { publishedSettings, settingsNames } from "./published-settings";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const widths = { hiddenDimension: 8, latentDimension: 6 };

beforeAll(() => createTrainer());

describe.each(baseNames)("the published settings of %s", (base) => {
  it.each(settingsNames)("train it on %s, alone and matched", async (settings) => {
    for (const variant of ["base", "mddm"] as const) {
      const { training, source } = publishedSettings(base, variant, settings);
      expect(source).toMatch(/20\d\d/);
      const recommender = createVariant(variant, data, { base, settings, ...widths });
      const trainer = await createTrainer({ ...training, epochs: 1, backend: "cpu" });
      expect((await trainer.fit(recommender, data)).steps).toBe(1);
      recommender.dispose();
    }
  });
});

it("are those of the dataset, and give way to what is asked for", () => {
  expect(publishedSettings("mult-vae", "godm", "amazon-book").beta).toBe(0.4);
  expect(publishedSettings("l-diffrec", "base", "yelp").options.noiseScale).toBe(0.01);
  expect(publishedSettings("l-diffrec", "base", "amazon-book").training.adam?.learningRate).toBe(5e-4);
  expect(publishedSettings("l-diffrec").training).toMatchObject({
    adam: { learningRate: 1e-3, parts: { denoiser: { learningRate: 1e-4 } } },
    batchSize: 400,
  });
  const recommender = createVariant("base", data, {
    base: "l-diffrec",
    settings: "yelp",
    ...widths,
    dropout: 0.2,
    baseOptions: { diffusionWeight: 0.07 },
  });
  expect(recommender.configuration).toMatchObject({
    name: "l-diffrec",
    noiseScale: 0.01,
    dropout: 0.2,
    diffusionWeight: 0.07,
    denoiserDimension: 8,
    klWeight: 0.3,
  });
  recommender.dispose();
});

const separate = ["godm", "cpdm", "without-matching", "without-mixing"] as const;

it.each(separate)("give the KL of %s the weight that it has in the base model", (variant) => {
  const weight = (options: VariantOptions) => {
    const recommender = createVariant(variant, data, { ...options, ...widths });
    recommender.dispose();
    return recommender.configuration.strategy;
  };
  expect(weight({ base: "mult-vae" })).toMatchObject({ regularizationWeight: 1 });
  expect(publishedSettings("l-diffrec", variant).klWeight).toBe(0.3);
  expect(weight({ base: "l-diffrec" })).toMatchObject({ regularizationWeight: 0.3 });
  expect(weight({ base: "l-diffrec", baseOptions: { klWeight: 0.1 } })).toMatchObject({
    regularizationWeight: 0.1,
  });
});

it("let β weigh the KL where nothing is matched", () => {
  for (const variant of ["base", "without-matching"] as const) {
    const recommender = createVariant(variant, data, { ...widths, beta: 0.2 });
    const { configuration } = recommender;
    const expected = variant === "base" ? { klWeight: 0.2 } : { strategy: { regularizationWeight: 0.2 } };
    expect(configuration).toMatchObject(expected);
    recommender.dispose();
  }
});

it("refuse an unknown name", () => {
  // @ts-expect-error
  expect(() => publishedSettings("cvga", "mddm", "lastfm")).toThrow(/publishedSettings: dataset: .*"yelp"/);
  // @ts-expect-error
  expect(() => createVariant("dmrec", data)).toThrow(/createVariant: name: .*"mddm"/);
  // @ts-expect-error
  expect(() => createBase("l-difrec", data, {})).toThrow(/createBase: name: .*"l-diffrec"/);
});

it("are refused before a model is made where β or the data does not suit it", () => {
  expect(() => assertVariant("mddm", data, { beta: 1.5 })).toThrow(/mddm: beta/);
  const { language, ...withoutEmbeddings } = data;
  expect(language).toBeDefined();
  expect(() => assertVariant("mddm", withoutEmbeddings)).toThrow(
    /no language embeddings for the model "mddm"/,
  );
  assertVariant("base", withoutEmbeddings);
});

it("leave nothing in memory when β is refused", () => {
  const before = tf.memory().numTensors;
  expect(() => createVariant("mddm", data, { ...widths, beta: 1.5 })).toThrow(InvalidOptionsError);
  expect(tf.memory().numTensors).toBe(before);
});
