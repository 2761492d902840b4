import { InvalidOptionsError, UnsupportedError } from "@dmrec/core";
import * as onnx from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender, type ServedRecommender, type ServingRequest } from "./index";
import { catalogue, interactionsModel, profileModel, tableModel } from "./testing/test-catalogue";

const { itemIds, itemNames, itemCount, profileWidth } = catalogue;

let byProfile: ServedRecommender;
let byInteractions: ServedRecommender;
let byTable: ServedRecommender;

beforeAll(async () => {
  [byProfile, byInteractions, byTable] = await Promise.all(
    [profileModel(), interactionsModel(), tableModel()].map((bytes) => loadRecommender(bytes)),
  );
});
afterAll(() => Promise.all([byProfile, byInteractions, byTable].map((recommender) => recommender.close())));

/** An invented user: between 0 and 6 items, the last one with half a weight, and a profile. */
function requestOf(user: number) {
  const items = Array.from({ length: user % 7 }, (_, place) => (user * 5 + place * place) % itemCount);
  const weights = new Map(items.map((item, place) => [item, place === 5 ? 0.5 : 1]));
  return {
    interactions: [...weights].map(([item, weight]) =>
      weight === 1 ? itemIds[item] : { itemId: itemIds[item], weight },
    ),
    profileEmbedding: Float32Array.from({ length: profileWidth }, (_, at) => Math.cos(user + at)),
    weights,
  };
}

const served = ({ interactions, profileEmbedding }: ReturnType<typeof requestOf>) => ({
  interactions,
  profileEmbedding,
});

/** The scores that the test models are made to give. */
function expectedScores(weights: ReadonlyMap<number, number>, profile?: Float32Array): Float32Array {
  return Float32Array.from({ length: itemCount }, (_, item) => {
    let score = 0;
    for (const [seen, weight] of weights) score += weight * catalogue.itemScores[seen * itemCount + item];
    profile?.forEach((value, at) => {
      score += value * catalogue.profileScores[at * itemCount + item];
    });
    return score;
  });
}

describe("a model that reads interactions and profiles", () => {
  it("scores all items by both, by one of them, and by none", async () => {
    const { weights, ...request } = requestOf(13);
    const { interactions, profileEmbedding } = request;
    expectClose(await byProfile.score(request), expectedScores(weights, profileEmbedding));
    expectClose(await byProfile.score({ interactions }), expectedScores(weights));
    expectClose(await byProfile.score({ profileEmbedding }), expectedScores(new Map(), profileEmbedding));
    const numbers = [...profileEmbedding];
    expectClose(
      await byProfile.score({ profileEmbedding: numbers }),
      await byProfile.score({ profileEmbedding }),
    );
    expectClose(await byProfile.score({}), new Float32Array(itemCount));
    const users = [request, {}, { interactions }, { profileEmbedding }, served(requestOf(12))];
    const many = await byProfile.scoreAll(users);
    expect(many).toHaveLength(users.length);
    for (const [index, user] of users.entries()) expectClose(many[index], await byProfile.score(user));
  });

  it("recommends the best items that are neither seen nor excluded, with identifiers and names", async () => {
    const { weights, ...request } = requestOf(13);
    const scores = expectedScores(weights, request.profileEmbedding);
    const exclude = ["item-1", "item-2"];
    const hidden = new Set([...weights.keys(), 1, 2]);
    const expected = [...scores.keys()]
      .filter((item) => !hidden.has(item))
      .sort((a, b) => scores[b] - scores[a]);
    const recommendations = await byProfile.recommend({ ...request, exclude, count: 7 });
    expect(recommendations.map(({ item }) => item)).toEqual(expected.slice(0, 7));
    expect(recommendations[0]).toMatchObject({
      itemId: itemIds[expected[0]],
      name: itemNames[expected[0]] || itemIds[expected[0]],
    });
    // All items that are left, and nothing else, however large the count is.
    const all = await byProfile.recommend({ ...request, exclude, count: 1000 });
    expect(all.map(({ item }) => item)).toEqual(expected);
    expect(all.find(({ item }) => item === 3)?.name).toBe("item-3");
    expect(await byProfile.recommend(request)).toHaveLength(10);
  });

  it("answers many requests as it answers each, whatever their number of interactions", async () => {
    const requests = Array.from({ length: 120 }, (_, user) => ({
      ...served(requestOf(user)),
      count: 1 + (user % 9),
    }));
    const many = await byProfile.recommendAll(requests);
    for (const [user, request] of requests.entries()) {
      const one = await byProfile.recommend(request);
      expect(many[user].map(({ item }) => item)).toEqual(one.map(({ item }) => item));
      expect(many[user]).toHaveLength(request.count);
    }
    expect(await byProfile.recommendAll([])).toEqual([]);
  });

  it("answers many right if few of them exclude much, in inputs of a bounded size", async () => {
    const sizes: number[] = [];
    const recommender = await loadRecommender(profileModel(), {
      runtime: {
        Tensor: onnx.Tensor,
        InferenceSession: {
          async create(model: Uint8Array | string, options?: onnx.InferenceSession.SessionOptions) {
            const session = await (typeof model === "string"
              ? onnx.InferenceSession.create(model, options)
              : onnx.InferenceSession.create(model, options));
            const run = session.run.bind(session);
            session.run = (feeds: onnx.InferenceSession.FeedsType, ...rest: []) => {
              sizes.push(feeds.items.size, feeds.excluded.size);
              return run(feeds, ...rest);
            };
            return session;
          },
        },
      },
    });
    const requests = Array.from({ length: 400 }, (_, user) => ({
      ...served(requestOf(user)),
      exclude: itemIds.slice(0, user % 40 === 7 ? 25 : user % 3),
    }));
    const many = await recommender.recommendAll(requests);
    for (const user of [0, 7, 8, 47, 119]) {
      const one = await byProfile.recommend(requests[user]);
      expect(many[user].map(({ item }) => item)).toEqual(one.map(({ item }) => item));
    }
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    await recommender.close();
  });

  it("counts an item that is listed twice once, with its last weight", async () => {
    const interactions = ["item-3", "item-8", { itemId: "item-3", weight: 0.5 }];
    const weights = new Map([
      [3, 0.5],
      [8, 1],
    ]);
    expectClose(await byProfile.score({ interactions }), expectedScores(weights));
  });

  it("describes itself", () => {
    expect(byProfile).toMatchObject({
      name: "profile-model",
      configuration: { name: "profile-model" },
      reads: { interactions: true, profile: true, userIndex: false },
      itemIds,
      userIds: undefined,
      profileWidth,
    });
  });

  it("gives the same answers in onnxruntime-web", async () => {
    const runtime = await import("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    const request = served(requestOf(9));
    for (const [bytes, recommender, asked] of [
      [profileModel(), byProfile, request],
      [tableModel(), byTable, { userId: "ben" }],
    ] as const) {
      await using web = await loadRecommender(bytes, { runtime });
      expectClose(await web.score(asked), await recommender.score(asked));
      const [here, there] = [await web.recommend(asked), await recommender.recommend(asked)];
      expect(here.map(({ item }) => item)).toEqual(there.map(({ item }) => item));
    }
  });
});

describe("a model that reads interactions only", () => {
  it("scores by them, and refuses profiles", async () => {
    const { weights, interactions, profileEmbedding } = requestOf(6);
    expectClose(await byInteractions.score({ interactions }), expectedScores(weights));
    expect(byInteractions.profileWidth).toBeUndefined();
    const recommending = byInteractions.recommend({ profileEmbedding });
    await expect(recommending).rejects.toThrow(InvalidOptionsError);
    await expect(recommending).rejects.toThrow(
      "recommend: profileEmbedding: expected none: interactions-model does not read profiles",
    );
  });

  it("names items by their identifiers if the file has no names", async () => {
    const [best] = await byInteractions.recommend({ interactions: ["item-3"], count: 1 });
    expect(best.name).toBe(best.itemId);
  });
});

describe("a model that reads the user's index", () => {
  const scoresOf = (user: number) => catalogue.userScores.slice(user * itemCount, (user + 1) * itemCount);

  it("recommends to known users, without the items that they interacted with", async () => {
    expect(byTable.userIds).toEqual(["ann", "ben", "cleo"]);
    expectClose(await byTable.score({ userId: "cleo" }), scoresOf(2));
    const scores = scoresOf(1);
    const ranking = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    const [best, second, ...others] = ranking;
    const request = { userId: "ben", interactions: [itemIds[best]], exclude: [itemIds[second]], count: 4 };
    const recommended = await byTable.recommend(request);
    expect(recommended.map(({ item }) => item)).toEqual(others.slice(0, 4));
    expectClose(await byTable.score({ userId: "ben", interactions: request.interactions }), scores);
  });

  it("answers many at once, each by its own row", async () => {
    const requests: ServingRequest[] = ["cleo", "ann", "ben", "ann"].map((userId, index) => ({
      userId,
      interactions: itemIds.slice(0, index * 3),
    }));
    const many = await byTable.recommendAll(requests);
    for (const [index, request] of requests.entries())
      expect(many[index]).toEqual(await byTable.recommend(request));
  });

  it("refuses new users, unknown ones and profiles", async () => {
    for (const request of [{}, { interactions: ["item-1"] }]) {
      const error: unknown = await byTable.recommend(request).catch((error: unknown) => error);
      expect(UnsupportedError.isInstance(error)).toBe(true);
      expect(error).toHaveProperty(
        "message",
        expect.stringMatching(
          /^recommend: userId: none; table-model has parameters for each user .*pass the userId/,
        ),
      );
    }
    await expect(byTable.score({})).rejects.toThrow(UnsupportedError);
    const unknown = byTable.recommend({ userId: "dan" });
    await expect(unknown).rejects.toThrow(InvalidOptionsError);
    await expect(unknown).rejects.toThrow(
      'recommend: userId: user "dan"; expected one of the users that the model was trained on',
    );
    await expect(byTable.recommend({ userId: JSON.parse("3") })).rejects.toThrow(
      /recommend: userId: 3; expected a text/,
    );
    await expect(byTable.recommend({ userId: "ann", profileEmbedding: [1] })).rejects.toThrow(
      /table-model does not read profiles/,
    );
  });

  it("is the only kind that takes a user's identifier", async () => {
    await expect(byProfile.recommend({ userId: "ann" })).rejects.toThrow(InvalidOptionsError);
    await expect(byProfile.recommend({ userId: "ann" })).rejects.toThrow(
      'recommend: userId: user "ann"; expected interactions, profileEmbedding or both instead: profile-model does not know users',
    );
    await expect(byInteractions.score({ userId: "ann" })).rejects.toThrow(
      'score: userId: user "ann"; expected interactions instead: interactions-model does not know users',
    );
  });
});

describe("a wrong request", () => {
  it.each([
    [{ interactions: ["nothing"] }, /interactions: item "nothing"; expected one of the items/],
    [{ exclude: ["nothing"] }, /exclude: item "nothing"/],
    [
      { interactions: [{ itemId: "item-1", weight: Number.NaN }] },
      /interactions\.0\.weight: NaN; expected a number/,
    ],
    [
      { interactions: [{ itemId: "item-1", weight: 0 }] },
      /interactions\.0\.weight: 0; expected a number from 1e-12 up$/,
    ],
    // A float32 would make them infinite or zero: the scores would be no numbers, or the item would be recommended again.
    [
      { interactions: [{ itemId: "item-1", weight: 1e300 }] },
      /interactions\.0\.weight: 1e\+300; expected a number up to 1000000000000$/,
    ],
    [
      { interactions: [{ itemId: "item-1", weight: 1e-60 }] },
      /interactions\.0\.weight: 1e-60; expected a number from 1e-12 up/,
    ],
    [{ profileEmbedding: [1, 2, 3, 1e300] }, /expected 4 finite numbers/],
    [{ profileEmbedding: [1, 2] }, /profileEmbedding: 2 numbers; expected 4 finite numbers/],
    [{ profileEmbedding: new Float32Array(4).fill(Number.NaN) }, /expected 4 finite numbers/],
    [{ count: 0 }, /count: 0; expected a number above 0/],
    [{ count: 2.5 }, /count: 2\.5; expected a whole number/],
    [{ count: Number.NaN }, /count: NaN; expected a number/],
  ])("is refused with its place: %j", async (request, message) => {
    await expect(byProfile.recommend(request)).rejects.toThrow(InvalidOptionsError);
    await expect(byProfile.recommend(request)).rejects.toThrow(message);
    await expect(byProfile.recommend(request)).rejects.toThrow(/^recommend: [a-z]/);
    await expect(byProfile.recommendAll([{}, request])).rejects.toThrow(/^recommendAll: 1\./);
  });

  it("is refused if an identifier is no string, as programs without types may give", async () => {
    const numbers: string[] = JSON.parse("[3]");
    for (const request of [
      { interactions: numbers },
      { exclude: numbers },
      { interactions: numbers.map((itemId) => ({ itemId, weight: 1 })) },
    ]) {
      await expect(byProfile.recommend(request)).rejects.toThrow(InvalidOptionsError);
      await expect(byProfile.recommend(request)).rejects.toThrow(
        /recommend: (interactions|exclude)\.0.*: 3; expected a text/,
      );
    }
  });

  it("is refused if it has unknown keys, or a profile that is no array", async () => {
    const misspelled = Object.assign(served(requestOf(1)), { k: 5 });
    await expect(byProfile.recommend(misspelled)).rejects.toThrow(InvalidOptionsError);
    await expect(byProfile.recommend(misspelled)).rejects.toThrow(
      /recommend: unknown option "k"; expected one of userId, interactions, profileEmbedding, count, exclude, filter/,
    );
    const counted: object = { count: 5 };
    await expect(byProfile.score(counted)).rejects.toThrow(
      /score: unknown option "count"; expected one of userId, interactions, profileEmbedding$/,
    );
    const text = { profileEmbedding: JSON.parse('"a reader"') };
    await expect(byProfile.recommend(text)).rejects.toThrow(
      /profileEmbedding: expected a Float32Array or an array of numbers/,
    );
  });

  it.each([
    ["undefined", undefined, /recommend: missing; expected an object/],
    ["null", null, /recommend: null; expected an object/],
    ["a text", "item-1", /recommend: "item-1"; expected an object/],
    ["items that are no array", { interactions: "item-1" }, /interactions: "item-1"; expected a list/],
    ["an item that is nothing", { interactions: [null] }, /interactions\.0: null; expected an object/],
    [
      "an item without a weight",
      { interactions: [{ itemId: "item-1" }] },
      /interactions\.0\.weight: missing; expected a number/,
    ],
    ["excluded items that are no array", { exclude: 3 }, /exclude: 3; expected a list/],
    ["a count that is a text", { count: "5" }, /count: "5"; expected a number/],
    ["a user that is an object", { userId: {} }, /userId: an object; expected a text/],
  ])(
    "is refused if it is no request or has a field of another type: %s",
    async (_, value: unknown, message) => {
      // As a server passes the body of a call.
      const body: ServingRequest = JSON.parse(JSON.stringify({ value })).value;
      const asking = byProfile.recommend(body);
      await expect(asking).rejects.toThrow(InvalidOptionsError);
      await expect(asking).rejects.toThrow(message);
      await expect(byProfile.scoreAll([{}, body])).rejects.toThrow(/^scoreAll: 1/);
      await expect(byProfile.recommendAll([body])).rejects.toThrow(/^recommendAll: 0/);
      await expect(byProfile.recommendAll(JSON.parse('{"count":1}'))).rejects.toThrow(
        /recommendAll: expected an array of requests/,
      );
    },
  );
  it("answers the calls that were in progress when it was closed, and frees the model after them", async () => {
    const closing = await loadRecommender(interactionsModel());
    // Enough for several runs, of which the later ones begin after the call of `close`.
    const requests = Array.from({ length: 2500 }, (_, user) => ({
      interactions: requestOf(user).interactions,
      count: 3,
    }));
    const answers = closing.recommendAll(requests);
    const score = closing.score({ interactions: requests[5].interactions });
    let isClosed = false;
    const closed = closing.close().then(() => {
      isClosed = true;
    });
    await expect(closing.recommend({})).rejects.toThrow(/this recommender is closed/);
    const lists = await answers;
    expect(isClosed).toBe(false);
    expect(lists).toEqual(await byInteractions.recommendAll(requests));
    expect(await score).toHaveLength(itemCount);
    await closed;
  });

  it("is every request after closing, which may happen twice", async () => {
    const closed = await loadRecommender(interactionsModel());
    await closed.close();
    await closed.close();
    for (const asking of [closed.recommend({}), closed.score({})]) {
      const error: unknown = await asking.catch((error: unknown) => error);
      expect(UnsupportedError.isInstance(error)).toBe(true);
      expect(error).toHaveProperty("message", expect.stringMatching(/this recommender is closed/));
    }
  });
});

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...actual.map((score, item) => Math.abs(score - expected[item])))).toBeLessThan(1e-5);
}
