import { InvalidDataError, InvalidOptionsError, type Recommender } from "@dmrec/core";
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
    const profileEmbedding = data.language?.users.values.slice(5 * width, 6 * width) ?? new Float32Array();
    const stranger = await ask({ items: [...itemsOf(data.train, 5)].reverse(), profileEmbedding });
    const known = await ask({ user: 5 });
    expect(stranger.map(({ item }) => item)).toEqual(known.map(({ item }) => item));
  });

  it("serves somebody new by a profile alone, in any array, or by nothing", async () => {
    const profileEmbedding = new Float32Array(16).fill(0.25);
    const byProfile = await ask({ profileEmbedding });
    expect(byProfile).toHaveLength(10);
    expect(await ask({ items: [], profileEmbedding: [...profileEmbedding] })).toEqual(byProfile);
    const byNothing = await ask({ items: [] });
    expect(byNothing).toHaveLength(10);
    expect(await ask({ profileEmbedding: new Float32Array(16) })).toEqual(byNothing);
  });

  it("refuses users, items and profiles that the data does not know", async () => {
    await expect(ask({ user: 150 })).rejects.toThrow(/user 150; expected an index from 0 to 149/);
    await expect(ask({ items: [80] })).rejects.toThrow(InvalidDataError);
    await expect(ask({ items: [1.5] })).rejects.toThrow(/item 1.5; expected an index from 0 to 79/);
    for (const profileEmbedding of [new Float32Array(3), [1, 2], new Float32Array(16).fill(Number.NaN)]) {
      await expect(ask({ profileEmbedding })).rejects.toThrow(InvalidDataError);
      await expect(ask({ profileEmbedding })).rejects.toThrow(/expected 16 finite numbers/);
    }
  });

  // As programs without types may ask.
  it.each([
    [{}, {}, /audience: expected either user, or items, profileEmbedding or both/],
    [{ profile: new Float32Array(16) }, {}, /audience: Unrecognized key: "profile"/],
    [{ user: 1, items: [2] }, {}, /audience: expected either user, or items/],
    [
      { profileEmbedding: "a reader" },
      {},
      /profileEmbedding: expected a Float32Array or an array of numbers/,
    ],
    [{ items: ["item-1"] }, {}, /audience\.items\.0: .*expected number/],
    [{ user: 1 }, { count: -1 }, /count: .*>0/],
    [{ user: 1 }, { count: 1.5 }, /count: .*int/],
    [{ user: 1 }, { k: 5 }, /Unrecognized key: "k"/],
  ])(
    "refuses an audience that is none, and options that it does not have: %j, %j",
    async (audience, rest, message) => {
      const options = { trainer, recommender, data, ...{ audience: { user: 0 } } };
      const asking = recommend(Object.assign(options, { audience }, rest));
      await expect(asking).rejects.toThrow(InvalidOptionsError);
      await expect(asking).rejects.toThrow(message);
    },
  );

  it("refuses a profile where the model reads interactions alone, as its exported file does", async () => {
    const base = createVariant("base", data, { hiddenDimension: 8, latentDimension: 4 });
    for (const value of [0, 0.5]) {
      const audience = { items: [3], profileEmbedding: new Float32Array(16).fill(value) };
      await expect(recommend({ trainer, recommender: base, data, audience })).rejects.toThrow(
        /a profile embedding of 16 numbers; expected none: mult-vae reads interactions alone/,
      );
    }
    expect(await recommend({ trainer, recommender: base, data, audience: { items: [3] } })).toHaveLength(10);
    base.dispose();
  });

  it("asks for embeddings where a matched model needs them", () => {
    const { language: _, ...bare } = data;
    expect(() => createVariant("mddm", bare)).toThrow(
      /no language embeddings for the model "mddm"; expected item_embeddings/,
    );
  });
});
