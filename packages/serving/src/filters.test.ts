import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { InvalidOptionsError, type ItemColumns, type ItemFilter, type OpenRecommender } from "@dmrec/core";
import { createTrainer, eager } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender, type ServedRecommender } from "./index";
import { interactionsModel } from "./testing/test-catalogue";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-filters-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Every third item is a comedy, every tenth has no year. */
function columnsOf(itemCount: number): ItemColumns {
  const items = Array.from({ length: itemCount }, (_, item) => item);
  return {
    genres: {
      kind: "texts",
      texts: ["Comedy", "Drama"],
      values: items.map((item) => [item % 3 === 0 ? 0 : 1]),
    },
    year: { kind: "numbers", values: items.map((item) => (item % 10 === 9 ? null : 1950 + (item % 60))) },
  };
}

const isComedy = (item: number) => item % 3 === 0;
const isOfNineties = (item: number) => item % 10 !== 9 && item % 60 >= 40 && item % 60 <= 49;
const nineties = { from: 1990, to: 1999 };

// The second ranks in two blocks.
describe.each([120, 70_000])("a model of %i items", (itemCount) => {
  let model: OpenRecommender;
  let served: ServedRecommender;
  beforeAll(async () => {
    const trainer = await createTrainer({ engine: eager({ backend: "cpu" }) });
    model = await trainer.open(multVae({ itemCount, hiddenDimension: 4, latentDimension: 2 }));
    const itemIds = Array.from({ length: itemCount }, (_, item) => String(item));
    const file = join(directory, `${itemCount}.onnx`);
    await model.export(file, { itemIds, userIds: [], itemColumns: columnsOf(itemCount) });
    served = await loadRecommender(file);
  });
  afterAll(async () => {
    await served.close();
    await model.close();
  });

  /** The items that the trained model ranks best among those that are allowed. */
  async function expected(interactions: number[], isAllowed: (item: number) => boolean, count: number) {
    const all = await model.recommend({ interactions, count: itemCount });
    return all
      .map(({ item }) => item)
      .filter(isAllowed)
      .slice(0, count);
  }
  const indices = (list: readonly { readonly item: number }[]) => list.map(({ item }) => item);

  it("ranks the items that meet a filter, and leaves out those of the user and excluded ones", async () => {
    const filter: ItemFilter = { genres: "comedy", year: nineties };
    const isAllowed = (item: number) => isComedy(item) && isOfNineties(item);
    const [best] = await expected([3, 42], isAllowed, 1);
    const answer = await served.recommend({
      interactions: ["3", "42"],
      exclude: [String(best)],
      filter,
      count: 5,
    });
    expect(indices(answer)).toEqual(await expected([3, 42], (item) => isAllowed(item) && item !== best, 5));
  });

  it("answers requests with different filters and none in one call", async () => {
    const requests = [
      { interactions: ["1"], filter: { genres: "Comedy" }, count: 7 },
      { interactions: ["1"], count: 12 },
      { interactions: ["5", "6"], filter: { year: nineties }, exclude: ["41"], count: 3 },
      { interactions: [], filter: {}, count: 4 },
      { interactions: ["5"], filter: { genres: "Western" } },
    ];
    const answers = await served.recommendAll(requests);
    expect(answers.map(indices)).toEqual([
      await expected([1], isComedy, 7),
      await expected([1], () => true, 12),
      await expected([5, 6], (item) => isOfNineties(item) && item !== 41, 3),
      await expected([], () => true, 4),
      [],
    ]);
  });

  it("returns fewer items if fewer meet the filter, and all scores whatever is filtered", async () => {
    const filter: ItemFilter = { year: 1950, genres: "Comedy" };
    const isAllowed = (item: number) => item % 60 === 0;
    const all = await served.recommend({ interactions: ["60"], filter, count: itemCount });
    expect(indices(all)).toEqual(await expected([60], isAllowed, itemCount));
    expect(all.length).toBe(Math.ceil(itemCount / 60) - 1);
    const scores = await served.score({ interactions: ["60"] });
    for (const { item, score } of all.slice(0, 3)) expect(scores[item]).toBeCloseTo(score, 5);
    expect(scores.every(Number.isFinite)).toBe(true);
    const mask = served.matchingItems(filter);
    expect([...mask.keys()].filter((item) => mask[item] === 1)).toEqual([...scores.keys()].filter(isAllowed));
  });
});

describe("a filter that does not fit", () => {
  it.each<[object, string]>([
    [{ genre: "Comedy" }, 'filter: no column "genre"; expected one of genres (texts), year (numbers)'],
    [{ genres: 1 }, 'filter.genres: holds texts; expected a text or a list of texts, such as "Comedy"'],
    [{ year: { from: 9, to: 1 } }, "filter.year: from 9 is above to 1; expected the lower number as from"],
    [{ year: null }, "filter.year: expected a text, a number, a list of them, or a range such as"],
  ])("%j is refused with a sentence that names the request", async (filter, message) => {
    await using served = await loadRecommender(join(directory, "120.onnx"));
    const requests = [{ interactions: [] }, { interactions: [], filter: filter as ItemFilter }];
    const refused = served.recommendAll(requests);
    await expect(refused).rejects.toThrow(InvalidOptionsError);
    await expect(refused).rejects.toThrow(`recommendAll: 1.${message}`);
    expect(() => served.matchingItems(filter as ItemFilter)).toThrow(`matchingItems: ${message}`);
  });

  it("is refused by a file without columns", async () => {
    await using served = await loadRecommender(interactionsModel());
    expect(served.itemColumns).toEqual({});
    await expect(served.recommend({ filter: { genres: "Comedy" } })).rejects.toThrow(
      "recommend: filter: the file of interactions-model has no columns to filter by; export it again from data with a table of items",
    );
  });
});
