import { InvalidDataError, type Recommender } from "@dmrec/core";
import { itemsOf, syntheticCatalogue } from "@dmrec/data";
import { createTrainer, type ModelTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVariant } from "./model-variants";
import { recommend } from "./recommend";

const data = syntheticCatalogue({ users: 150, items: 80, embeddingWidth: 16 });
let trainer: ModelTrainer;
let recommender: Recommender;
beforeAll(async () => {
  trainer = await createTrainer({ epochs: 20, batchSize: 32, adam: { learningRate: 0.005 } });
  recommender = createVariant("mddm", data, { hiddenDimension: 24, latentDimension: 8 });
  await trainer.fit(recommender, data);
});
afterAll(() => recommender.dispose());

const ask = (audience: Parameters<typeof recommend>[0]["audience"], count?: number) =>
  recommend({ trainer, recommender, data, audience, ...(count === undefined ? {} : { count }) });

describe("recommend", () => {
  it("names the best items that the user does not have, best first", async () => {
    const list = await ask({ user: 5 }, 7);
    expect(list).toHaveLength(7);
    const known = new Set(itemsOf(data.train, 5));
    for (const { item, itemId, name } of list) {
      expect(known.has(item)).toBe(false);
      expect([itemId, name]).toEqual([data.itemIds[item], data.itemNames?.[item]]);
    }
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a));
  });

  it("serves somebody new by their items and their profile as it serves a user who has the same", async () => {
    const width = data.language?.users.columnCount ?? 0;
    const profile = data.language?.users.values.slice(5 * width, 6 * width) ?? new Float32Array();
    const stranger = await ask({ items: [...itemsOf(data.train, 5)].reverse(), profile });
    const known = await ask({ user: 5 });
    expect(stranger.map(({ item }) => item)).toEqual(known.map(({ item }) => item));
  });

  it("serves somebody new by a profile alone, or by nothing", async () => {
    const profile = new Float32Array(16).fill(0.25);
    expect(await ask({ items: [], profile })).toHaveLength(10);
    expect(await ask({ items: [] })).toHaveLength(10);
  });

  it("refuses users, items and profiles that the data does not know", async () => {
    await expect(ask({ user: 150 })).rejects.toThrow(/user 150; expected an index from 0 to 149/);
    await expect(ask({ items: [80] })).rejects.toThrow(InvalidDataError);
    await expect(ask({ items: [], profile: new Float32Array(3) })).rejects.toThrow(/16 finite numbers/);
    await expect(ask({ items: [], profile: new Float32Array(16).fill(Number.NaN) })).rejects.toThrow(
      InvalidDataError,
    );
  });

  it("asks for embeddings where a matched model needs them", () => {
    const { language: _, ...bare } = data;
    expect(() => createVariant("mddm", bare)).toThrow(
      /no language embeddings for the model "mddm"; expected item_embeddings/,
    );
  });
});
