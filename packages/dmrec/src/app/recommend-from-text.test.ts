import { InvalidDataError, type Recommender, type SplitDataset } from "@dmrec/core";
import { itemPopularity, syntheticCatalogue } from "@dmrec/data";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/profiles";
import { createTrainer, type ModelTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embedDataset } from "./embed-dataset";
import { createVariant } from "./model-variants";
import { recommend } from "./recommend";
import { recommendFromText } from "./recommend-from-text";

const catalogue = syntheticCatalogue({ users: 240, items: 60, topics: 4 });
let trainer: ModelTrainer;
let recommender: Recommender;
let data: SplitDataset;
let encoder: TfIdfEncoder;
beforeAll(async () => {
  const { itemProfiles = [], userProfiles = [] } = catalogue;
  const model = fitTfIdfEncoder([...itemProfiles, ...userProfiles], { width: 24 });
  ({ data, encoder } = await embedDataset(catalogue, { model }));
  trainer = await createTrainer({ epochs: 40, batchSize: 40, adam: { learningRate: 0.005 } });
  const sizes = { hiddenDimension: 32, latentDimension: 12 };
  recommender = createVariant("mddm", data, { ...sizes, profileOnlyShare: 0.4 });
  await trainer.fit(recommender, data);
});
afterAll(() => recommender.dispose());

const ask = (text: string, model = recommender) =>
  recommendFromText(text, { trainer, recommender: model, data, encoder, count: 8 });

describe("recommendFromText", () => {
  it("recommends items of the text's subject to somebody without interactions, by name", async () => {
    const share = async (text: string, topic: string) => {
      const list = await ask(text);
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

  it("leaves out what somebody knows", async () => {
    const [first] = await ask("ships and islands");
    const rest = await recommendFromText("ships and islands", {
      trainer,
      recommender,
      data,
      encoder,
      items: [first.item],
    });
    expect(rest.map(({ item }) => item)).not.toContain(first.item);
  });

  it("ranks as the model does at specificity 0, and less by popularity above", async () => {
    const text = "ships and islands";
    const options = { trainer, recommender, data, encoder, count: 8 };
    const plain = await recommendFromText(text, { ...options, specificity: 0 });
    const audience = { profileEmbedding: encoder.embed(text) };
    expect(plain).toEqual(await recommend({ trainer, recommender, data, audience, count: 8 }));
    const popularity = itemPopularity(data.train);
    const total = (list: typeof plain) => list.reduce((sum, { item }) => sum + popularity[item], 0);
    expect(total(await recommendFromText(text, { ...options, specificity: 1 }))).toBeLessThan(total(plain));
    await expect(recommendFromText(text, { ...options, specificity: 2 })).rejects.toThrow(/specificity/);
  });

  it("refuses a text that says nothing, and a model that does not read texts", async () => {
    await expect(ask("  ")).rejects.toThrow(InvalidDataError);
    await expect(ask("qwertz 123")).rejects.toThrow(/nothing that the encoder knows/);
    const base = createVariant("base", data, { hiddenDimension: 8, latentDimension: 4 });
    await expect(ask("ships and islands", base)).rejects.toThrow(/mult-vae recommends by interactions alone/);
    base.dispose();
  });
});

describe("embedDataset", () => {
  it("asks for profiles where there are none, and fills gaps with zeros", async () => {
    const { itemProfiles: _, ...bare } = catalogue;
    await expect(embedDataset(bare)).rejects.toThrow(/no profiles of items/);
    const gaps = { ...catalogue, userProfiles: ["", ...(catalogue.userProfiles ?? []).slice(1)] };
    const { data: embedded, report } = await embedDataset(gaps, { model: encoder });
    expect([report.missingUsers, report.missingItems]).toEqual([1, 0]);
    const width = embedded.language?.users.columnCount ?? 0;
    expect(embedded.language?.users.values.subarray(0, width)).toEqual(new Float32Array(24));
    expect(embedded.language?.users.values.subarray(width)).toEqual(
      data.language?.users.values.subarray(width),
    );
  });
});
