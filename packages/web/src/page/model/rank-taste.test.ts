import { fitTfIdfEncoder } from "@dmrec/encoders";
import { expect, it } from "vitest";
import { explainRanking } from "./explain-ranking";
import { rankItems, scoreTaste } from "./rank-taste";
import { noTaste, type Taste } from "./taste";
import { knownWords, type TasteModel, tellingWords } from "./taste-model";

const itemCount = 6;
const texts = [
  "storm sea",
  "storm ship",
  "sea ship",
  "bread oven",
  "bread cake",
  "cake oven",
  "the a",
  "the a",
  "the a",
];
const encoder = fitTfIdfEncoder(texts, { width: 4 });
const itemIds = Array.from({ length: itemCount }, (_, item) => `item-${item}`);

/** A linear model: popularity, a half for each neighbour of a picked item, and the likeness of a text. */
const model: TasteModel = {
  encoder,
  recommender: {
    itemIds,
    reads: { interactions: true, profile: true, userIndex: false },
    scoreAll: async (audiences) =>
      audiences.map(({ interactions = [], profileEmbedding = [] }) =>
        Float32Array.from({ length: itemCount }, (_, item) => {
          const picks = interactions.map((entry) =>
            itemIds.indexOf(typeof entry === "string" ? entry : entry.itemId),
          );
          const own = encoder.embed(texts[item]);
          const likeness = own.reduce((sum, value, at) => sum + value * (profileEmbedding[at] ?? 0), 0);
          return -item / 10 + picks.filter((pick) => Math.abs(pick - item) === 1).length / 2 + likeness;
        }),
      ),
  },
};
const taste = (change: Partial<Taste>): Taste => ({ ...noTaste, ...change });
const rankingsOf = async (asked: Taste) => rankItems(await scoreTaste(model, asked), asked, 3);
const always = async () => true;

it("ranks by popularity for someone who has said nothing", async () => {
  expect(await rankingsOf(noTaste)).toEqual({ both: [0, 1, 2] });
  expect(await rankingsOf(taste({ words: "zzz" }))).toEqual({ both: [0, 1, 2] });
});

it("ranks by picks, by words and by both, without the picks themselves", async () => {
  const { clicks, words, both } = await rankingsOf(taste({ picks: [4], words: "Cake!" }));
  expect(clicks?.slice(0, 2)).toEqual([3, 5]);
  expect(words).toContain(5);
  expect(both.slice(0, 2).toSorted()).toEqual([3, 5]);
  for (const list of [clicks, words, both]) expect(list).not.toContain(4);
});

it("ranks both as the one that something was said to", async () => {
  const byPicks = await rankingsOf(taste({ picks: [1] }));
  expect(byPicks).toEqual({ both: byPicks.clicks, clicks: byPicks.clicks });
  const byWords = await rankingsOf(taste({ words: "bread" }));
  expect(byWords).toEqual({ both: byWords.words, words: byWords.words });
});

it("subtracts a share of what anyone would be shown", async () => {
  const scores = await scoreTaste(model, taste({ picks: [4], popularityPenalty: 1 }));
  expect([...scores.both].map((score) => Math.round(score * 1000) / 1000)).toEqual([0, 0, 0, 0.5, 0, 0.5]);
});

it("explains each item by what raises it", async () => {
  const asked = taste({ picks: [0, 4], words: "bread" });
  const rankings = rankItems(await scoreTaste(model, asked), asked, 4);
  const reasons = await explainRanking(model, asked, { rankings, goesOn: always });
  expect(reasons?.clicks?.get(1)).toEqual([{ kind: "pick", item: 0 }]);
  expect(reasons?.clicks?.get(5)).toEqual([{ kind: "pick", item: 4 }]);
  expect(reasons?.words?.get(3)).toEqual([{ kind: "word", word: "bread" }]);
  const both = reasons?.both?.get(3);
  expect(both).toHaveLength(2);
  expect(both).toContainEqual({ kind: "word", word: "bread" });
  expect(both).toContainEqual({ kind: "pick", item: 4 });
});

it("gives up an explanation when asked to", async () => {
  const asked = taste({ words: "bread cake oven", picks: [0, 1, 2] });
  const rankings = rankItems(await scoreTaste(model, asked), asked, 3);
  let runs = 0;
  const goesOn = async () => {
    runs += 1;
    return runs < 2;
  };
  expect(await explainRanking(model, asked, { rankings, goesOn })).toBeUndefined();
});

it("takes words for reasons that tell texts apart, or any if none does", () => {
  const words = knownWords(model, { words: "The bread, a cake: bread" });
  expect(words).toEqual(["the", "bread", "a", "cake", "bread"]);
  const many = {
    ...model,
    encoder: fitTfIdfEncoder([...texts, "the storm", "the bread", "the sea"], { width: 4 }),
  };
  expect(tellingWords(many, words)).not.toContain("the");
  expect(tellingWords(many, words)).toContain("bread");
  expect(tellingWords(many, ["the"])).toEqual(["the"]);
});
