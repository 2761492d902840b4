import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnsupportedError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { loadRecommender } from "@dmrec/serving";
import { compiled, createTrainer, eager } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createModel, publishedSettings } from "./default-zoo";
import { settingsNames } from "./model-row";
import { profileBaselineRows } from "./profile-baseline-rows";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const names = profileBaselineRows.map(({ name }) => name);
const small = { latentDimension: 6, hiddenDimension: 8 };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-profile-baselines-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe.each(names)("the published settings of %s", (name) => {
  it.each(settingsNames)("are options of its function, with a source, on %s", (settings) => {
    const { options, source } = publishedSettings(name, "base", settings);
    expect(source).toMatch(/20\d\d/);
    expect(createModel(name, data, { settings }).configuration).toMatchObject(options);
  });
});

it("have the differences between datasets", () => {
  expect(publishedSettings("pro-ex", "base", "amazon-book").options).toMatchObject({
    environments: 4,
    uniformityWeight: 0.4,
  });
  expect(publishedSettings("pro-ex", "base", "yelp").options).toMatchObject({
    environments: 3,
    uniformityWeight: 0.4,
  });
  expect(publishedSettings("pro-ex", "base", "steam").options).toMatchObject({
    environments: 2,
    uniformityWeight: 2,
  });
  const proMax = (settings: (typeof settingsNames)[number]) =>
    publishedSettings("pro-max", "base", settings).options;
  expect(proMax("amazon-book")).toMatchObject({
    distillationWeight: 1.5,
    contrastWeight: 0.05,
    temperature: 0.2,
  });
  expect(proMax("yelp")).toMatchObject({ distillationWeight: 0.5, contrastWeight: 0.1, temperature: 0.2 });
  expect(proMax("steam")).toMatchObject({ distillationWeight: 0.5, contrastWeight: 0.1, temperature: 0.5 });
  expect(publishedSettings("kar", "base", "steam").options.layers).toBe(2);
  expect(publishedSettings("llm-rec").training).toEqual({
    adam: { learningRate: 1e-4, weightDecay: 0.01, maximumGradientNorm: 1 },
    batchSize: 1024,
  });
});

it.each([
  ["llm-rec", "choices"],
  ["pro-ex", "furtherProfiles"],
  ["pro-max", "retrieved"],
] as const)("the manifest of a run of %s says that no language model helped", async (name, option) => {
  const trainer = await createTrainer({ epochs: 1, engine: eager({ backend: "cpu" }) });
  const run = join(directory, name);
  await using model = await trainer.fit(createModel(name, data, small), data, { directory: run });
  expect(model.training.steps).toBe(1);
  const manifest = JSON.parse(await readFile(join(run, "manifest.json"), "utf8"));
  expect(manifest.model[option]).toBe("without a language model");
  expect(profileBaselineRows.find((row) => row.name === name)?.title).toMatch(/without a language model/);
});

it("kar recommends to a new user by a text, from the model and from its file", async () => {
  const trainer = await createTrainer({ epochs: 1, engine: compiled({ threads: 1 }) });
  await using model = await trainer.fit(createModel("kar", data, small), data);
  const profileEmbedding = [1, -1, 2, 0, 0.5, 0, 1, -2];
  const own = await model.recommend({ profileEmbedding, count: 30 });
  const file = join(directory, "kar.onnx");
  await model.export(file);
  await using served = await loadRecommender(file, { threads: 1 });
  const fromFile = await served.recommend({ profileEmbedding, count: 30 });
  expect(fromFile.map(({ itemId }) => itemId)).toEqual(own.map(({ item }) => data.itemIds[item]));
  const others = await model.recommend({
    profileEmbedding: profileEmbedding.map((value) => -value),
    count: 30,
  });
  expect(others.map(({ item }) => item)).not.toEqual(own.map(({ item }) => item));
});

it.each(["llm-rec", "pro-ex", "pro-max"] as const)("%s refuses a new user", async (name) => {
  const trainer = await createTrainer({ engine: eager({ backend: "cpu" }) });
  await using model = await trainer.open(createModel(name, data, small), { data });
  await expect(model.recommend({ interactions: [1] })).rejects.toSatisfy((error) =>
    UnsupportedError.isInstance(error),
  );
  expect(await model.recommend({ userIndex: 3, count: 5 })).toHaveLength(5);
});

it.each([compiled({ threads: 1 }), eager({ backend: "cpu" })])(
  "pro-max trains without a second graph if no profile has a direction: %o",
  async (engine) => {
    const zeros = (rowCount: number) => ({
      rowCount,
      columnCount: 8,
      values: new Float32Array(rowCount * 8),
    });
    const blank = { ...data, profileEmbeddings: { users: zeros(40), items: zeros(30) } };
    const trainer = await createTrainer({ epochs: 1, engine });
    await using model = await trainer.fit(createModel("pro-max", blank, small), blank);
    expect(model.training.epochHistory[0].losses.total).toBeGreaterThan(0);
  },
);
