import type { Recommender } from "@dmrec/core";
import { openParameters, pairBatch, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
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
  softmax,
  softplus,
  times,
  transposed,
} from "../../../testing/plain-math";
import { kar } from "./kar";
import { expectRefusedEmbeddings } from "./testing/refused-embeddings";
import { edgeCases, embeddings, interactions, matrix } from "./testing/small-data";

const sizes = { latentDimension: 3, hiddenDimension: 6, sharedExperts: 2, specificExperts: 3 };
const make = (options = {}) => kar({ interactions, profileEmbeddings: embeddings(), ...sizes, ...options });

/** The adaptor's output for the texts of a kind, from its definition. */
function adapted(model: Recommender, kind: "users" | "items"): Rows {
  const texts = rowsOf(model, `texts.${kind}`);
  const positive = (rows: Rows) => mapped(rows, (value) => Math.max(value, 0));
  const experts = [
    ...[0, 1].map((expert) => `adaptor.shared.${expert}`),
    ...[0, 1, 2].map((expert) => `adaptor.${kind}.experts.${expert}`),
  ].map((name) => positive(dense(model, `${name}.output`, positive(dense(model, `${name}.hidden`, texts)))));
  return softmax(dense(model, `adaptor.${kind}.gate`, texts)).map((weights, row) =>
    experts[0][row].map((_, column) =>
      dot(
        weights,
        experts.map((expert) => expert[row][column]),
      ),
    ),
  );
}

/** E⁰ + E¹ + E² of the model. */
function propagated(model: Recommender, users: "profiles" | "embeddings") {
  const toUsers = normalized(denseInteractions(interactions));
  const toItems = transposed(toUsers);
  const ofUsers = adapted(model, "users");
  const initial = {
    users: users === "embeddings" ? plus(ofUsers, rowsOf(model, "users.0")) : ofUsers,
    items: plus(adapted(model, "items"), rowsOf(model, "items")),
  };
  return {
    users: plus(initial.users, times(toUsers, initial.items), times(toUsers, times(toItems, initial.users))),
    items: plus(initial.items, times(toItems, initial.users), times(toItems, times(toUsers, initial.items))),
  };
}

const scoresOf = (model: Recommender, batch: ReturnType<typeof userBatch>) => {
  const tensors = openParameters(model);
  const prepared = model.prepare?.(tensors) ?? tensors;
  return model.scores(prepared, batch, testContext({ training: false })).arraySync();
};

const lists = [[0, 1], [1, 2, 3], []];

describe.each(["profiles", "embeddings"] as const)("kar with users from %s", (users) => {
  for (const { name, check } of recommenderChecks(() => make({ users }))) it(name, check);

  it("scores by the propagated sum of embeddings and adapted texts", () => {
    const model = make({ users, layers: 2 });
    const expected = propagated(model, users);
    const actual = scoresOf(model, userBatch(5, lists));
    times(expected.users, transposed(expected.items)).forEach((row, user) => {
      row.forEach((score, item) => {
        expect(actual[user][item]).toBeCloseTo(score, 4);
      });
    });
  });

  it("has LightGCN's loss over all that it trains", () => {
    const model = make({ users, layers: 2, keepRate: 1, l2Weight: 0.1 });
    const expected = propagated(model, users);
    const pairs = [
      { user: 0, positive: 0, negatives: [4] },
      { user: 1, positive: 3, negatives: [0] },
    ];
    const terms = model.loss(openParameters(model), pairBatch(5, pairs), testContext());
    const losses = pairs.map(({ user, positive, negatives: [negative] }) => {
      const of = (item: number) => dot(expected.users[user], expected.items[item]);
      return softplus(of(negative) - of(positive));
    });
    expect(terms.ranking.dataSync()[0]).toBeCloseTo(mean(losses), 5);
    const experts = ["shared.0", "shared.1", "users.experts.0", "users.experts.1", "users.experts.2"].concat([
      "items.experts.0",
      "items.experts.1",
      "items.experts.2",
    ]);
    const layers = [
      ...experts.flatMap((name) => [`${name}.hidden`, `${name}.output`]),
      "users.gate",
      "items.gate",
    ];
    const trained = [
      "items",
      ...(users === "embeddings" ? ["users.0"] : []),
      ...layers.flatMap((name) => [`adaptor.${name}.weights`, `adaptor.${name}.bias`]),
    ];
    const squares = trained.flatMap((name) => rowsOf(model, name)).map((row) => dot(row, row));
    expect(terms.regularization.dataSync()[0]).toBeCloseTo(
      0.1 * squares.reduce((sum, square) => sum + square, 0),
      4,
    );
  });

  it("drops edges in training only", () => {
    const batch = pairBatch(5, [{ user: 1, positive: 3, negatives: [4] }]);
    const losses = Array.from({ length: 10 }, (_, seed) => {
      const model = make({ users, keepRate: 0.5 });
      return model.loss(openParameters(model), batch, testContext({ seed })).ranking.dataSync()[0];
    });
    expect(new Set(losses).size).toBeGreaterThan(2);
  });
});

describe("kar with one expert of a kind", () => {
  const one = { sharedExperts: 0, specificExperts: 1 };
  for (const { name, check } of recommenderChecks(() => make(one))) it(name, check);
});

describe("kar without layers", () => {
  for (const { name, check } of recommenderChecks(() => make({ layers: 0 }))) it(name, check);
});

describe.each(edgeCases)("kar on $name", ({ name: _, ...data }) => {
  for (const { name, check } of recommenderChecks(() => make(data))) it(name, check);
});

it("scores a new user with the text and the items of a known one alike", () => {
  const model = make();
  const texts = rowsOf(model, "texts.users");
  const strangers = userBatch(5, lists, { users: "unknown", profileEmbeddings: texts });
  expect(scoresOf(model, strangers)).toEqual(scoresOf(model, userBatch(5, lists)));
});

it("tells the texts of users apart by its configuration if users have embeddings, and of items always", () => {
  const fingerprint = (users: "profiles" | "embeddings", texts = embeddings()) =>
    make({ users, profileEmbeddings: texts }).configuration.embeddingsFingerprint;
  const { users, items } = embeddings();
  const [otherUsers, otherItems] = [
    { users: matrix(3, 4, 9), items },
    { users, items: matrix(5, 4, 9) },
  ];
  // The weights of a model whose users have nothing but their texts serve further users, too.
  expect(fingerprint("profiles", otherUsers)).toBe(fingerprint("profiles"));
  expect(fingerprint("embeddings", otherUsers)).not.toBe(fingerprint("embeddings"));
  for (const kind of ["profiles", "embeddings"] as const)
    expect(fingerprint(kind, otherItems)).not.toBe(fingerprint(kind));
});

it("scores a new user from a text only, and refuses one if users have embeddings", () => {
  const stranger = userBatch(5, [[]], { users: "unknown", profileEmbeddings: [[1, 2, 3, 4]] });
  const other = userBatch(5, [[]], { users: "unknown", profileEmbeddings: [[-4, 0, 1, 0]] });
  expect(scoresOf(make(), stranger)).not.toEqual(scoresOf(make(), other));
  expect(() => scoresOf(make({ users: "embeddings" }), stranger)).toThrow(/knows users by their index/);
});

it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
  expectRefusedEmbeddings(make);
  expect(() => make({ specificExperts: 0 })).toThrow(/specificExperts/);
  expect(() => make({ users: "items" })).toThrow(/users/);
});
