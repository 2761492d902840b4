import {
  type ForwardContext,
  InvalidDataError,
  InvalidOptionsError,
  type Recommender,
  ShapeMismatchError,
} from "@dmrec/core";
import {
  openParameters,
  pairBatch,
  pairRows,
  recommenderChecks,
  testContext,
  userBatch,
} from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import {
  dense,
  denseInteractions,
  dot,
  mean,
  plus,
  type Rows,
  rowNormalized,
  rowsOf,
  scaled,
  softmax,
  softplus,
  times,
  transposed,
  unit,
} from "../../../testing/plain-math";
import { chooseByProfile, popularCandidates } from "./item-choices";
import { llmRec } from "./llm-rec";
import { profileTables } from "./profile-tables";
import { edgeCases, embeddings, interactions, matrix } from "./testing/small-data";

const make = (options = {}) =>
  llmRec({ interactions, profileEmbeddings: embeddings(), latentDimension: 3, ...options });

/** Enough pairs that a tenth is one. */
const pairs = Array.from({ length: 10 }, (_, index) => {
  const user = index % 2;
  return { user, positive: user + (index % 3), negatives: [user === 0 ? 4 : 0] };
});

/** The parts of texts, and all embeddings, from their definition. */
function features(model: Recommender, [a, b]: readonly [number, number], layers: 1 | 2) {
  const x = denseInteractions(interactions);
  const [toUsers, toItems] = [rowNormalized(x), rowNormalized(transposed(x))];
  const [users, items] = [rowsOf(model, "users"), rowsOf(model, "items")];
  const userTexts = dense(model, "userProjection", rowsOf(model, "texts.users"));
  const itemTexts = dense(model, "itemProjection", rowsOf(model, "texts.items"));
  const ofUserTexts = { items: times(toItems, userTexts), users: times(toUsers, times(toItems, userTexts)) };
  const ofItemTexts = { users: times(toUsers, itemTexts), items: times(toItems, times(toUsers, itemTexts)) };
  const byLayer = [{ users, items }];
  for (let layer = 1; layer <= layers; layer += 1) {
    const activation = layer === layers ? softmax : (rows: Rows) => rows;
    const received = activation(times(toUsers, byLayer[layer - 1].items));
    byLayer.push({
      users: [...received].map((row) => [...row]),
      items: activation(times(toItems, received)).map((row) => [...row]),
    });
  }
  const all = (side: "users" | "items") =>
    plus(
      scaled(1 / (layers + 1), plus(...byLayer.map((layer) => layer[side]))),
      scaled(a, unit(ofUserTexts[side])),
      scaled(b, unit(ofItemTexts[side])),
    );
  return {
    embeddings: { users: all("users"), items: all("items") },
    textsOnly: { users: ofUserTexts.users, items: ofItemTexts.items },
  };
}

function lossTerms(model: Recommender, seed = 1): Record<string, number> {
  const context = testContext({ seed, batch: pairRows(5, pairs) });
  const terms = model.loss(openParameters(model), pairBatch(5, pairs), context);
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]]));
}

describe("llmRec", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);
});

describe.each(edgeCases)("llmRec on $name", ({ name: _, ...data }) => {
  for (const { name, check } of recommenderChecks(() => make(data))) it(name, check);
});

it.each([1, 2] as const)("scores by the mean of %d layers and the parts of texts", (layers) => {
  const model = make({ layers, userTextWeight: 0.7, itemTextWeight: 0.4 });
  const tensors = openParameters(model);
  const prepared = model.prepare?.(tensors) ?? tensors;
  const batch = userBatch(5, [[], [], []]);
  const actual = model.scores(prepared, batch, testContext({ training: false })).arraySync();
  const { users, items } = features(model, [0.7, 0.4], layers).embeddings;
  times(users, transposed(items)).forEach((row, user) => {
    row.forEach((score, item) => {
      expect(actual[user][item]).toBeCloseTo(score, 4);
    });
  });
});

describe("the loss of llmRec", () => {
  const choices = [{ liked: 3, disliked: 2 }, { liked: 4, disliked: 0 }, undefined];
  const options = { layers: 2, userTextWeight: 0.7, itemTextWeight: 0.4, textRankingWeight: 0.3 } as const;

  it.each(["easy", "hard"] as const)("is that of the pairs and choices that are not %s", (prunedPairs) => {
    const model = make({ ...options, choices, augmentedShare: 0.4, prunedShare: 0.5, prunedPairs });
    const { embeddings, textsOnly } = features(model, [0.7, 0.4], 2);
    // Of 14 losses, 7 are left. Which users bring their choice is drawn.
    const possible = Array.from({ length: 5 }, (_, count) => {
      const further = Array.from({ length: 4 }, (_, index) => (index < count ? 0 : 1)).map((user) => ({
        user,
        positive: choices[user]?.liked ?? 0,
        negatives: [choices[user]?.disliked ?? 0],
      }));
      const pruned = ({ users, items }: { readonly users: Rows; readonly items: Rows }) => {
        const losses = [...pairs, ...further].map(({ user, positive, negatives: [negative] }) =>
          softplus(dot(users[user], items[negative]) - dot(users[user], items[positive])),
        );
        losses.sort((x, y) => (prunedPairs === "easy" ? y - x : x - y));
        return mean(losses.slice(0, 7));
      };
      return { ranking: pruned(embeddings), texts: 0.3 * pruned(textsOnly) };
    });
    for (let seed = 0; seed < 5; seed += 1) {
      const terms = lossTerms(model, seed);
      const isOneOf = possible.some(
        ({ ranking, texts }) =>
          Math.abs(ranking - terms.ranking) < 1e-5 && Math.abs(texts - terms.texts) < 1e-5,
      );
      expect(isOneOf).toBe(true);
    }
  });

  it("draws the users who bring their choice, and pairs again for those without one", () => {
    const drawn = (chosen: readonly unknown[]) =>
      new Set(
        Array.from({ length: 12 }, (_, seed) =>
          lossTerms(make({ choices: chosen, augmentedShare: 0.3, prunedShare: 0 }), seed).ranking.toFixed(6),
        ),
      ).size;
    expect(drawn(choices)).toBeGreaterThan(1);
    const nobody = make({ choices: [undefined, undefined, undefined], augmentedShare: 1, prunedShare: 0 });
    expect(lossTerms(nobody).ranking).toBeCloseTo(
      lossTerms(make({ augmentedShare: 0, prunedShare: 0 })).ranking,
      5,
    );
  });
});

it.each([
  [0.19, 1],
  [0.2, 2],
  [1, 10],
])("adds a choice for a share of %d of ten pairs, rounded down: %d", (augmentedShare, count) => {
  const shapes: (readonly number[])[] = [];
  const context = testContext({ batch: pairRows(5, pairs) });
  const spied: ForwardContext = {
    ...context,
    feed(shape, make) {
      shapes.push(shape);
      return context.feed(shape, make);
    },
  };
  const model = make({ augmentedShare });
  model.loss(openParameters(model), pairBatch(5, pairs), spied);
  expect(shapes).toEqual([[3, count]]);
});

it("chooses among the candidates that are given, or popular items", () => {
  const fingerprint = (options: object) => make(options).configuration.choicesFingerprint;
  const texts = profileTables("llmRec", embeddings(), interactions);
  const candidates = [[2, 3, 4], [4, 0], []];
  expect(fingerprint({ candidates })).toBe(fingerprint({ choices: chooseByProfile(texts, candidates) }));
  for (const candidateCount of [2, 10]) {
    const choices = chooseByProfile(texts, popularCandidates(interactions, candidateCount));
    expect(fingerprint({ candidateCount })).toBe(fingerprint({ choices }));
  }
  expect(new Set([{ candidates }, { candidateCount: 2 }, {}].map(fingerprint)).size).toBe(3);
});

it("says whether a language model chose", () => {
  expect(make().configuration).toMatchObject({ choices: "without a language model" });
  const choices = [{ liked: 3, disliked: 2 }, undefined, undefined];
  expect(make({ choices }).configuration).toMatchObject({ choices: "given" });
  const candidates = [[2, 3], [4, 0], []];
  expect(make({ candidates }).configuration.choices).toBe("without a language model");
  expect(make({ candidates }).configuration.choicesFingerprint).not.toBe(
    make({ choices }).configuration.choicesFingerprint,
  );
});

it("refuses wrong choices and candidates, embeddings that do not fit, and options out of range", () => {
  expect(() => make({ profileEmbeddings: undefined })).toThrow(InvalidOptionsError);
  expect(() => make({ profileEmbeddings: { users: matrix(2), items: matrix(5) } })).toThrow(
    ShapeMismatchError,
  );
  const items = matrix(5);
  items.values[7] = Number.NaN;
  expect(() => make({ profileEmbeddings: { users: matrix(3), items } })).toThrow(InvalidDataError);
  expect(() => make({ choices: [] })).toThrow(/llmRec: choices: 0 choices; expected 3/);
  expect(() => make({ choices: [{ liked: 5, disliked: 0 }, undefined, undefined] })).toThrow(
    /choices.0.liked: item 5; expected an index from 0 to 4/,
  );
  expect(() => make({ choices: [undefined, { liked: 1, disliked: 1 }, undefined] })).toThrow(
    /choices.1: item 1 twice/,
  );
  expect(() => make({ candidates: [[0], [9], []] })).toThrow(/candidates.1: item 9/);
  expect(() => make({ prunedShare: 1 })).toThrow(/prunedShare/);
  expect(() => make({ layers: 0 })).toThrow(/layers/);
});
