import { InvalidDataError, InvalidOptionsError, type Recommender, ShapeMismatchError } from "@dmrec/core";
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
  denseInteractions,
  dot,
  mean,
  normalized,
  plus,
  type Rows,
  rowsOf,
  scaled,
  softmax,
  softplus,
  times,
  transposed,
  unit,
} from "../../../testing/plain-math";
import { nearestItems } from "./nearest-items";
import { proMax } from "./pro-max";
import { profileTables } from "./profile-tables";
import { edgeCases, embeddings, interactions, matrix } from "./testing/small-data";

/** The middle user has no items in the second graph. */
const retrieved = [[4, 1], [], [2]];
const make = (options = {}) =>
  proMax({ interactions, profileEmbeddings: embeddings(), retrieved, latentDimension: 2, ...options });

/** The first user comes twice, and so does the item 0. */
const pairs = [
  { user: 0, positive: 0, negatives: [4] },
  { user: 1, positive: 3, negatives: [0] },
  { user: 0, positive: 1, negatives: [3] },
  { user: 2, positive: 0, negatives: [2] },
];

function lossTerms(model: Recommender): Record<string, number> {
  const context = testContext({ batch: pairRows(5, pairs) });
  const terms = model.loss(openParameters(model), pairBatch(5, pairs), context);
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]]));
}

/** E¹ + E² over a graph. */
function propagated(model: Recommender, graph: Rows) {
  const [toUsers, toItems] = [normalized(graph), transposed(normalized(graph))];
  const [users, items] = [rowsOf(model, "users"), rowsOf(model, "items")];
  return {
    users: plus(times(toUsers, items), times(toUsers, times(toItems, users))),
    items: plus(times(toItems, users), times(toItems, times(toUsers, items))),
  };
}

const cosines = (a: Rows, b: Rows) => times(unit(a), transposed(unit(b)));

describe("proMax", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);
});

describe.each(edgeCases)("proMax on $name", ({ name: _, ...data }) => {
  for (const { name, check } of recommenderChecks(() => make({ ...data, retrieved: undefined })))
    it(name, check);
});

describe("the loss of proMax", () => {
  const temperature = 0.4;
  const options = { layers: 2, l2Weight: 0.1, distillationWeight: 0.7, contrastWeight: 0.6, temperature };
  const model = make(options);
  const first = propagated(model, denseInteractions(interactions));
  const lists = [0, 1, 2].map((user) =>
    [0, 1, 2, 3, 4].map((item) => Number(retrieved[user].includes(item))),
  );
  const second = propagated(model, lists);
  const terms = lossTerms(model);

  it("ranks by the graph of interactions, and adds λ ‖θ‖²", () => {
    const losses = pairs.map(({ user, positive, negatives: [negative] }) =>
      softplus(dot(first.users[user], first.items[negative]) - dot(first.users[user], first.items[positive])),
    );
    expect(terms.ranking).toBeCloseTo(mean(losses), 5);
    const squares = [...rowsOf(model, "users"), ...rowsOf(model, "items")].map((row) => dot(row, row));
    expect(terms.regularization).toBeCloseTo(0.1 * squares.reduce((sum, square) => sum + square, 0), 5);
  });

  // With the greater divisor all preferences are so unsure that their weight is the least one.
  it.each([0.3, 3])(
    "draws each user once to the texts' preferences, by their sureness, τ %d",
    (distillationTemperature) => {
      const preferences = (users: Rows, items: Rows) =>
        softmax(scaled(1 / distillationTemperature, cosines(users, items)));
      const told = preferences(rowsOf(model, "texts.users"), rowsOf(model, "texts.items"));
      const learned = preferences(first.users, first.items);
      const distances = [0, 1, 2].map((user) => {
        const entropy = -told[user].reduce((sum, share) => sum + share * Math.log(share), 0);
        const crossEntropy = -told[user].reduce(
          (sum, share, item) => sum + share * Math.log(learned[user][item] + 1e-8),
          0,
        );
        return Math.min(Math.max(1 - entropy / Math.log(5), 0.1), 1) * crossEntropy;
      });
      const { distillation } = lossTerms(make({ ...options, distillationTemperature }));
      expect(distillation).toBeCloseTo(0.7 * mean(distances), 5);
    },
  );

  it("contrasts the two graphs by users, by positives, and across", () => {
    const views = (a: Rows, b: Rows) =>
      mean(
        cosines(a, b).map((row, index) => {
          const shares = row.map((cosine) => Math.exp(cosine / temperature));
          return -Math.log(shares[index] / shares.reduce((sum, share) => sum + share, 0) + 1e-5);
        }),
      );
    const across = (a: Rows, b: Rows) =>
      mean(softmax(scaled(1 / temperature, cosines(a, b))).map((row, index) => -Math.log(row[index])));
    const users = ({ users }: typeof first) => pairs.map(({ user }) => users[user]);
    const positives = ({ items }: typeof first) => pairs.map(({ positive }) => items[positive]);
    const once = ({ items }: typeof first) => [items[0], items[3], items[1]];
    const contrast =
      views(first.users, second.users) +
      views(once(first), once(second)) +
      (across(users(first), positives(second)) + across(users(second), positives(first))) / 2;
    expect(terms.contrast).toBeCloseTo(0.6 * contrast, 4);
  });

  it("scores by the graph of interactions only", () => {
    const tensors = openParameters(model);
    const prepared = model.prepare?.(tensors) ?? tensors;
    const batch = userBatch(5, [[], [], []]);
    const actual = model.scores(prepared, batch, testContext({ training: false })).arraySync();
    times(first.users, transposed(first.items)).forEach((row, user) => {
      row.forEach((score, item) => {
        expect(actual[user][item]).toBeCloseTo(score, 5);
      });
    });
  });
});

it("joins each user to the nearest items if no lists are given", () => {
  const fingerprint = (options: object) => make(options).configuration.secondGraphFingerprint;
  const profiles = profileTables("proMax", embeddings(), interactions);
  for (const retrievedCount of [1, 3]) {
    const lists = nearestItems(profiles, retrievedCount);
    expect(fingerprint({ retrieved: undefined, retrievedCount })).toBe(fingerprint({ retrieved: lists }));
  }
});

it("says whether a language model ranked the retrieved items", () => {
  expect(make().configuration).toMatchObject({ retrieved: "given" });
  expect(make({ retrieved: undefined }).configuration).toMatchObject({
    retrieved: "without a language model",
  });
  const other = make({ retrieved: [[4, 0], [], [2]] }).configuration;
  expect(other.secondGraphFingerprint).not.toBe(make().configuration.secondGraphFingerprint);
});

it("refuses wrong lists, embeddings that are missing or do not fit, and options out of range", () => {
  expect(() => make({ profileEmbeddings: undefined })).toThrow(InvalidOptionsError);
  expect(() => make({ profileEmbeddings: { users: matrix(2), items: matrix(5) } })).toThrow(
    ShapeMismatchError,
  );
  const items = matrix(5);
  items.values[7] = Number.NaN;
  expect(() => make({ profileEmbeddings: { users: matrix(3), items } })).toThrow(InvalidDataError);
  expect(() => make({ retrieved: [[], []] })).toThrow(/proMax: retrieved: 2 lists; expected 3/);
  expect(() => make({ retrieved: [[], [5], []] })).toThrow(
    /retrieved.1: item 5; expected an index from 0 to 4/,
  );
  expect(() => make({ retrieved: [[], [2, 2], []] })).toThrow(/retrieved.1: an item twice/);
  expect(() => make({ layers: 0 })).toThrow(/layers/);
  expect(() => make({ temperature: 0 })).toThrow(/temperature/);
});
