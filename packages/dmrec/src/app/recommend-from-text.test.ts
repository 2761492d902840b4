import {
  InvalidDataError,
  InvalidOptionsError,
  itemPopularity,
  type OpenRecommender,
  type SplitDataset,
  type Trainer,
  UnsupportedError,
} from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createModel } from "../zoo/default-zoo";
import { embedDataset } from "./embed-dataset";
import { recommendFromText } from "./recommend-from-text";

const catalogue = syntheticCatalogue({ users: 240, items: 60, topics: 4 });
let trainer: Trainer;
let model: OpenRecommender;
let data: SplitDataset;
let encoder: TfIdfEncoder;
beforeAll(async () => {
  const { itemProfiles = [], userProfiles = [] } = catalogue;
  const tfIdf = fitTfIdfEncoder([...itemProfiles, ...userProfiles], { width: 24 });
  ({ data, encoder } = await embedDataset(catalogue, { model: tfIdf }));
  trainer = await createTrainer({ epochs: 40, batchSize: 40, adam: { learningRate: 0.005 } });
  const sizes = { hiddenDimension: 32, latentDimension: 12 };
  model = await trainer.fit(createModel("mddm", data, { ...sizes, coldStartRate: 0.4 }), data);
});
afterAll(() => model.close());

const recommend = (text: string) => recommendFromText(text, { model, encoder, count: 8 });

describe("recommendFromText", () => {
  it("recommends items of the text's subject to a user without interactions, by name", async () => {
    const share = async (text: string, topic: string) => {
      const list = await recommend(text);
      expect(list).toHaveLength(8);
      for (const { item, name } of list) expect(name).toBe(data.itemNames?.[item]);
      return (
        list.filter(({ item }) => data.itemAttributes?.[item].tags?.includes(topic)).length / list.length
      );
    };
    const [sea, space] = [
      "a reader of ships, islands and mutiny",
      "looks for starships, planets and gravity",
    ];
    expect(await share(sea, "seafaring")).toBeGreaterThan((await share(space, "seafaring")) + 0.4);
    expect(await share(space, "space")).toBeGreaterThan((await share(sea, "space")) + 0.4);
  });

  it("leaves only items that meet a filter", async () => {
    const options = { model, encoder, count: 60, filter: { topics: "space" } };
    const left = await recommendFromText("ships and islands", options);
    const all = await recommendFromText("ships and islands", { model, encoder, count: 60 });
    const isOfSpace = ({ item }: { readonly item: number }) =>
      data.itemAttributes?.[item].tags?.includes("space") ?? false;
    expect(left).toEqual(all.filter(isOfSpace));
    expect(left.length).toBeGreaterThan(3);
  });

  it("leaves out the user's items and further ones", async () => {
    const [first, second] = await recommend("ships and islands");
    const rest = await recommendFromText("ships and islands", {
      model,
      encoder,
      interactions: [first.item],
      exclude: [second.item],
    });
    for (const { item } of [first, second]) expect(rest.map((other) => other.item)).not.toContain(item);
  });

  it("ranks as the model does without a popularity penalty, and less by popularity with one", async () => {
    const text = "ships and islands";
    const options = { model, encoder, count: 8 };
    const plain = await recommendFromText(text, { ...options, popularityPenalty: 0 });
    expect(plain).toEqual(await model.recommend({ profileEmbedding: encoder.embed(text), count: 8 }));
    const popularity = itemPopularity(data.train);
    const total = (list: typeof plain) => list.reduce((sum, { item }) => sum + popularity[item], 0);
    const penalized = await recommendFromText(text, { ...options, popularityPenalty: 1 });
    expect(total(penalized)).toBeLessThan(total(plain));
    expect(penalized.map(({ score }) => score)).toEqual(
      penalized.map(({ score }) => score).sort((a, b) => b - a),
    );
    await expect(recommendFromText(text, { ...options, popularityPenalty: 2 })).rejects.toThrow(
      /recommendFromText: popularityPenalty/,
    );
  });

  it("subtracts the scores of a user without a profile", async () => {
    const text = "ships and islands";
    const scores = async (profileEmbedding: Float32Array) =>
      new Map(
        (await model.recommend({ profileEmbedding, count: 60 })).map(({ item, score }) => [item, score]),
      );
    const withProfile = await scores(encoder.embed(text));
    const withoutProfile = await scores(new Float32Array(24));
    for (const { item, score } of await recommend(text))
      expect(score).toBeCloseTo(
        (withProfile.get(item) ?? Number.NaN) - 0.5 * (withoutProfile.get(item) ?? Number.NaN),
        5,
      );
  });

  it("scores twice at most", async () => {
    let calls = 0;
    const counted: OpenRecommender = Object.assign(Object.create(model), {
      recommender: model.recommender,
      recommend: (request: Parameters<OpenRecommender["recommend"]>[0]) => {
        calls += 1;
        return model.recommend(request);
      },
    });
    await recommendFromText("ships", { model: counted, encoder });
    expect(calls).toBe(2);
    await recommendFromText("ships", { model: counted, encoder, popularityPenalty: 0 });
    expect(calls).toBe(3);
  });

  it("refuses options that it does not have, and those of another type", async () => {
    const refused = async (options: object, message: RegExp) => {
      const asking = recommendFromText("ships", { model, encoder, ...options });
      await expect(asking).rejects.toThrow(InvalidOptionsError);
      await expect(asking).rejects.toThrow(message);
    };
    await refused({ specificity: 0.5 }, /recommendFromText: unknown option "specificity"/);
    await refused({ count: Number.NaN }, /recommendFromText: count: /);
    await refused({ model: undefined }, /recommendFromText: model: expected an open model/);
    await refused({ encoder: 3 }, /recommendFromText: encoder: expected an embedding model/);
    await refused({ prefix: 3 }, /recommendFromText: prefix: /);
    await refused({ exclude: 3 }, /recommendFromText: exclude: 3; expected a list/);
    await refused({ interactions: [-1] }, /interactions\.0/);
  });

  it("refuses a text that says nothing, and a model that does not read texts", async () => {
    await expect(recommend("  ")).rejects.toThrow(InvalidDataError);
    await expect(recommend("qwertz 123")).rejects.toThrow(/nothing that the encoder knows/);
    const sizes = { hiddenDimension: 8, latentDimension: 4 };
    for (const recommender of [
      createModel("base", data, sizes),
      createModel("mddm", data, { ...sizes, posterior: "collaborative" }),
    ]) {
      await using other = await trainer.open(recommender);
      const asking = recommendFromText("ships and islands", { model: other, encoder });
      await expect(asking).rejects.toThrow(UnsupportedError);
      await expect(asking).rejects.toThrow(/does not read profiles/);
    }
  });
});

describe("embedDataset", () => {
  it("requires profiles, and fills gaps with zeros", async () => {
    const { itemProfiles: _, ...bare } = catalogue;
    await expect(embedDataset(bare)).rejects.toThrow(/no profiles of items/);
    const gaps = { ...catalogue, userProfiles: ["", ...(catalogue.userProfiles ?? []).slice(1)] };
    const { data: embedded, report } = await embedDataset(gaps, { model: encoder });
    expect([report.missingUsers, report.missingItems]).toEqual([1, 0]);
    const width = embedded.profileEmbeddings?.users.columnCount ?? 0;
    expect(embedded.profileEmbeddings?.users.values.subarray(0, width)).toEqual(new Float32Array(24));
    expect(embedded.profileEmbeddings?.users.values.subarray(width)).toEqual(
      data.profileEmbeddings?.users.values.subarray(width),
    );
  });
});
