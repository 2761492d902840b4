import { multVae } from "@dmrec/base-models";
import { InvalidOptionsError, type OpenRecommender, type RecommendationRequest } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallCatalogue as data, smallRecommender, smallTrainer } from "../testing/small-run";

let model: OpenRecommender;
beforeAll(async () => {
  const trainer = await smallTrainer({ epochs: 20, adam: { learningRate: 0.005 } });
  model = await trainer.fit(smallRecommender(), data);
});
afterAll(() => model.close());

describe("recommend", () => {
  it("names the best items that the user does not have, best first", async () => {
    const list = await model.recommend({ userIndex: 5, count: 7 });
    expect(list).toHaveLength(7);
    const seenItems = new Set(itemsOf(data.train, 5));
    for (const { item, itemId, name } of list) {
      expect(seenItems.has(item)).toBe(false);
      expect([itemId, name]).toEqual([data.itemIds[item], data.itemNames?.[item]]);
    }
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a));
  });

  it("leaves out further items", async () => {
    const [first, second] = await model.recommend({ userIndex: 5 });
    const others = await model.recommend({ userIndex: 5, exclude: [first.item] });
    expect(others[0]).toEqual(second);
  });

  it("serves a new user by their items and their profile as it serves a user who has the same", async () => {
    const width = data.profileEmbeddings?.users.columnCount ?? 0;
    const profileEmbedding = data.profileEmbeddings?.users.values.slice(5 * width, 6 * width) ?? [];
    const interactions = [...itemsOf(data.train, 5)].reverse();
    const stranger = await model.recommend({ interactions, profileEmbedding });
    const user = await model.recommend({ userIndex: 5 });
    expect(stranger.map(({ item }) => item)).toEqual(user.map(({ item }) => item));
  });

  it("weighs items", async () => {
    const weighted = await model.recommend({ interactions: [{ item: 3, weight: 1 }, 9] });
    expect(weighted).toEqual(await model.recommend({ interactions: [3, 9] }));
    const other = await model.recommend({ interactions: [{ item: 3, weight: 0.1 }, 9] });
    expect(other).not.toEqual(weighted);
  });

  it("serves a new user by a profile only, in any array, or by nothing", async () => {
    const profileEmbedding = new Float32Array(16).fill(0.25);
    const byProfile = await model.recommend({ profileEmbedding });
    expect(byProfile).toHaveLength(10);
    const same = await model.recommend({ interactions: [], profileEmbedding: [...profileEmbedding] });
    expect(same).toEqual(byProfile);
    const byNothing = await model.recommend({ interactions: [] });
    expect(byNothing).toHaveLength(10);
    expect(await model.recommend({ profileEmbedding: new Float32Array(16) })).toEqual(byNothing);
  });

  it.each<[RecommendationRequest, RegExp]>([
    [{ userIndex: 150 }, /userIndex: user 150; expected an index from 0 to 149/],
    [{ interactions: [80] }, /interactions: item 80; expected an index from 0 to 79/],
    [{ interactions: [1.5] }, /interactions\.0: /],
    [{ interactions: [{ item: 1, weight: 1e300 }] }, /interactions\.0/],
    [{ interactions: [{ item: 1, weight: 1e-60 }] }, /interactions\.0/],
    [{ interactions: [1], exclude: [80] }, /exclude: item 80/],
    [{ profileEmbedding: new Float32Array(3) }, /expected 16 finite numbers/],
    [{ profileEmbedding: [1, 2] }, /expected 16 finite numbers/],
    [{ profileEmbedding: new Float32Array(16).fill(Number.NaN) }, /expected 16 finite numbers/],
  ])("refuses users, items and profiles that the data does not have: %j", async (request, message) => {
    await expect(model.recommend(request)).rejects.toThrow(InvalidOptionsError);
    await expect(model.recommend(request)).rejects.toThrow(message);
  });

  // As programs without types may ask.
  it.each([
    [{}, /expected either userIndex, or interactions, profileEmbedding or both/],
    [{ profile: new Float32Array(16) }, /unknown option "profile"/],
    [{ userIndex: 1, interactions: [2] }, /expected either userIndex, or interactions/],
    [{ profileEmbedding: "a reader" }, /expected a Float32Array or an array of numbers/],
    [{ interactions: ["item-1"] }, /interactions\.0: /],
    [{ userIndex: 1, count: -1 }, /count: -1; expected a number above 0/],
    [{ userIndex: 1, count: 1.5 }, /count: 1\.5; expected a whole number/],
    [{ userIndex: 1, k: 5 }, /unknown option "k"/],
  ])("refuses a request that is none: %j", async (request, message) => {
    const asking = model.recommend(Object.assign({ userIndex: 0 }, { userIndex: undefined }, request));
    await expect(asking).rejects.toThrow(InvalidOptionsError);
    await expect(asking).rejects.toThrow(message);
  });

  it("refuses a profile if the model reads interactions only, and users of no data", async () => {
    await using base = await (await smallTrainer()).open(
      multVae({ itemCount: data.itemCount, hiddenDimension: 8, latentDimension: 4 }),
    );
    await expect(
      base.recommend({ interactions: [3], profileEmbedding: new Float32Array(16) }),
    ).rejects.toThrow(/profileEmbedding: expected none: mult-vae does not read profiles/);
    const list = await base.recommend({ interactions: [3], count: 2 });
    expect(list.map(({ name }) => name)).toEqual(list.map(({ item }) => String(item)));
    await expect(base.recommend({ userIndex: 1 })).rejects.toThrow(/userIndex: needs the data/);
  });
});
