import type { Recommender } from "@dmrec/core";
import { openParameters, pairBatch, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import {
  dense,
  denseInteractions,
  dot,
  mapped,
  mean,
  normalized,
  plus,
  type Rows,
  rowsOf,
  times,
  transposed,
  unit,
} from "../../../testing/plain-math";
import { alphaRec } from "./alpha-rec";
import { expectRefusedEmbeddings } from "./testing/refused-embeddings";
import { embeddings, interactions, itemsOfUsers } from "./testing/small-data";

const profileEmbeddings = embeddings();
const make = (options = {}) =>
  alphaRec({ interactions, profileEmbeddings, latentDimension: 2, negatives: 3, ...options });

function scores(model: Recommender, batch: ReturnType<typeof userBatch>): number[][] {
  const tensors = openParameters(model);
  const prepared = model.prepare?.(tensors) ?? tensors;
  return model.scores(prepared, batch, testContext({ training: false })).arraySync();
}

/** E⁰ + … + E^L of the model, with lengths of 1: its mean has the same directions. */
function directions(model: Recommender, layers: 0 | 1 | 2) {
  const encoded = (name: string): Rows => {
    const hidden = dense(model, "hidden", rowsOf(model, name));
    return dense(
      model,
      "output",
      mapped(hidden, (value) => (value > 0 ? value : 0.01 * value)),
    );
  };
  const toUsers = normalized(denseInteractions(interactions));
  const toItems = transposed(toUsers);
  const byLayer = [{ users: encoded("texts.users"), items: encoded("texts.items") }];
  for (let layer = 1; layer <= layers; layer += 1) {
    const { users, items } = byLayer[layer - 1];
    byLayer.push({ users: times(toUsers, items), items: times(toItems, users) });
  }
  const sum = (side: "users" | "items") => unit(plus(...byLayer.map((layer) => layer[side])));
  return { users: sum("users"), items: sum("items") };
}

describe.each([
  ["items", 0],
  ["items", 2],
  ["profiles", 1],
  ["profiles", 2],
] as const)("alphaRec with users from %s and %d layers", (users, layers) => {
  const model = make({ users, layers, temperature: 0.3 });
  const expected = directions(model, layers);

  it("takes the mean of a user's items for their text, or their profile", () => {
    const [texts, own] = [rowsOf(model, "texts.items"), tf.tensor2d(profileEmbeddings.users.values, [3, 4])];
    const means = itemsOfUsers.map((items) =>
      texts[0].map((_, column) => items.reduce((sum, item) => sum + texts[item][column] / items.length, 0)),
    );
    rowsOf(model, "texts.users").forEach((row, user) => {
      row.forEach((value, column) => {
        const text = users === "items" ? means : own.arraySync();
        expect(value).toBeCloseTo(text[user][column], 6);
      });
    });
  });

  it("scores by the cosines of the sums over the layers", () => {
    const actual = scores(model, userBatch(5, itemsOfUsers));
    times(expected.users, transposed(expected.items)).forEach((row, user) => {
      row.forEach((score, item) => {
        expect(actual[user][item]).toBeCloseTo(score, 4);
      });
    });
  });

  it.each([0.3, 0.01])(
    "has the loss of the positive's share among it and its negatives at τ %d",
    (temperature) => {
      const pairs = [
        { user: 0, positive: 1, negatives: [4, 2, 3] },
        { user: 1, positive: 3, negatives: [0, 4, 4] },
      ];
      const losses = pairs.map(({ user, positive, negatives }) => {
        const power = (item: number) =>
          Math.exp(dot(expected.users[user], expected.items[item]) / temperature);
        const others = negatives.reduce((sum, item) => sum + power(item), 0);
        return -Math.log(power(positive) / (power(positive) + others));
      });
      const colder = make({ users, layers, temperature });
      const terms = colder.loss(openParameters(colder), pairBatch(5, pairs), testContext());
      expect(Object.keys(terms)).toEqual(["contrast"]);
      expect(terms.contrast.dataSync()[0]).toBeCloseTo(mean(losses), 4);
    },
  );
});

describe.each(["items", "profiles"] as const)("alphaRec with users from %s", (users) => {
  for (const { name, check } of recommenderChecks(() => make({ users }))) it(name, check);

  it("scores a new user with the text and the items of a known one alike", () => {
    const known = scores(make({ users }), userBatch(5, itemsOfUsers));
    const rows = tf.tensor2d(profileEmbeddings.users.values, [3, 4]).arraySync();
    const strangers = userBatch(5, itemsOfUsers, { users: "unknown", profileEmbeddings: rows });
    expect(scores(make({ users }), strangers)).toEqual(known);
  });

  it("has a hidden layer of twice the width of the texts, or of the width that is given", () => {
    const shapeOf = (options: object) =>
      rowsOf(make({ users, ...options }), "hidden.weights").map(({ length }) => length);
    expect(shapeOf({})).toEqual([8, 8, 8, 8]);
    expect(shapeOf({ hiddenDimension: 5 })).toEqual([5, 5, 5, 5]);
  });

  it("scores within the bounds of a cosine", () => {
    for (const row of scores(make({ users, layers: 0 }), userBatch(5, itemsOfUsers)))
      for (const score of row) expect(Math.abs(score)).toBeLessThan(1.0001);
  });

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expectRefusedEmbeddings((options) => make({ users, ...options }));
    expect(() => make({ users, temperature: 0 })).toThrow(/temperature/);
    expect(() => make({ users, negatives: 0 })).toThrow(/negatives/);
  });
});
