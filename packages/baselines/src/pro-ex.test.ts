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
  mapped,
  mean,
  normalized,
  plus,
  type Rows,
  rowsOf,
  scaled,
  softplus,
  times,
  transposed,
  unit,
} from "../../../testing/plain-math";
import { proEx } from "./pro-ex";
import { edgeCases, embeddings, interactions, matrix } from "./testing/small-data";

const make = (options = {}) =>
  proEx({ interactions, profileEmbeddings: embeddings(), latentDimension: 2, ...options });

const pairs = [
  { user: 0, positive: 0, negatives: [4] },
  { user: 1, positive: 3, negatives: [0] },
  { user: 1, positive: 2, negatives: [0] },
];

function lossTerms(model: Recommender, seed = 1, examples = pairs): Record<string, number> {
  const context = testContext({ seed, batch: pairRows(5, examples) });
  const terms = model.loss(openParameters(model), pairBatch(5, examples), context);
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]]));
}

/** The MLP's output for the texts of this name. */
function projected(model: Recommender, name: string): Rows {
  const hidden = dense(model, "projection.hidden", rowsOf(model, name));
  return dense(
    model,
    "projection.output",
    mapped(hidden, (value) => (value > 0 ? value : 0.01 * value)),
  );
}

describe("proEx", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);
});

describe.each(edgeCases)("proEx on $name", ({ name: _, ...data }) => {
  for (const { name, check } of recommenderChecks(() => make(data))) it(name, check);
});

describe("the loss of proEx", () => {
  it("mixes the profiles anew in each step, and compares the mixtures", () => {
    const seeds = Array.from({ length: 4 }, (_, seed) => lossTerms(make(), seed).ranking);
    expect(new Set(seeds).size).toBe(4);
    const alike = make({ furtherProfiles: [embeddings(), embeddings()] });
    expect(lossTerms(alike).variance).toBeCloseTo(0, 8);
    expect(lossTerms(make()).variance).toBeGreaterThan(1e-6);
    const more = make({ varianceWeight: 30 });
    expect(lossTerms(more).variance).toBeCloseTo(3 * lossTerms(make()).variance, 5);
  });

  it("sums the ranking over the mixtures, and the uniformity over the profiles", () => {
    const alike = (environments: number, profiles: number) => {
      const furtherProfiles = Array.from({ length: profiles - 1 }, () => embeddings());
      return lossTerms(make({ environments, furtherProfiles }));
    };
    expect(alike(4, 2).ranking).toBeCloseTo(2 * alike(2, 2).ranking, 4);
    expect(alike(2, 3).uniformity).toBeCloseTo(3 * alike(2, 1).uniformity, 4);
  });
});

describe("the loss of proEx under given mixtures", () => {
  const [first, second] = [embeddings(), embeddings(4, 7)];
  const options = { profileEmbeddings: first, furtherProfiles: [second], layers: 1, environments: 2 };
  const weights = { varianceWeight: 5, uniformityWeight: 0.3, temperature: 0.4, l2Weight: 0.1 };
  const model = make({ ...options, ...weights });
  const toUsers = normalized(denseInteractions(interactions));
  const propagated = {
    users: times(toUsers, rowsOf(model, "items")),
    items: times(transposed(toUsers), rowsOf(model, "users")),
  };
  const texts = [0, 1].map((profile) => ({
    users: projected(model, `profiles.${profile}.users`),
    items: projected(model, `profiles.${profile}.items`),
  }));
  const mixtures = [
    [1, 0],
    [0.25, 0.75],
  ];
  const base = testContext({ batch: pairRows(5, pairs) });
  const context: ForwardContext = {
    ...base,
    feed: (shape, make) => base.feed(shape, shape.length === 2 ? () => mixtures.flat() : make),
  };
  const terms = model.loss(openParameters(model), pairBatch(5, pairs), context);
  const value = (name: string) => terms[name].dataSync()[0];

  it("sums the ranking over environments, and adds their unbiased variance", () => {
    const losses = mixtures.map(([one, other]) => {
      const nodes = (side: "users" | "items") =>
        plus(propagated[side], scaled(one, texts[0][side]), scaled(other, texts[1][side]));
      const [users, items] = [nodes("users"), nodes("items")];
      return mean(
        pairs.map(({ user, positive, negatives: [negative] }) =>
          softplus(dot(users[user], items[negative]) - dot(users[user], items[positive])),
        ),
      );
    });
    expect(value("ranking")).toBeCloseTo(losses[0] + losses[1], 5);
    expect(value("variance")).toBeCloseTo((5 * (losses[0] - losses[1]) ** 2) / 2, 5);
  });

  it("drives apart the users and the positives of the step, each once", () => {
    const apart = (rows: Rows) => {
      const cosines = times(unit(rows), transposed(unit(rows)));
      return mean(
        cosines.map((row, index) => {
          const shares = row.map((cosine) => Math.exp(cosine / 0.4));
          return -Math.log(shares[index] / shares.reduce((sum, share) => sum + share, 0) + 1e-5);
        }),
      );
    };
    const each = texts.map(
      ({ users, items }) => apart([users[0], users[1]]) + apart([items[0], items[3], items[2]]),
    );
    expect(value("uniformity")).toBeCloseTo(0.3 * (each[0] + each[1]), 5);
  });

  it("adds λ ‖θ‖² of embeddings and projection", () => {
    const layers = ["projection.hidden", "projection.output"];
    const trained = ["users", "items", ...layers.flatMap((name) => [`${name}.weights`, `${name}.bias`])];
    const squares = trained.flatMap((name) => rowsOf(model, name)).map((row) => dot(row, row));
    expect(value("regularization")).toBeCloseTo(0.1 * squares.reduce((sum, square) => sum + square, 0), 5);
  });

  it("draws mixtures of its concentration", () => {
    const drawn = (concentration: number) => {
      const rows: number[] = [];
      const spied: ForwardContext = {
        ...base,
        feed(shape, make) {
          const tensor = base.feed(shape, make);
          if (shape.length === 2) rows.push(...tensor.dataSync());
          return tensor;
        },
      };
      const other = make({ ...options, concentration, environments: 20 });
      other.loss(openParameters(other), pairBatch(5, pairs), spied);
      return mean(rows.map((weight) => Math.min(weight, 1 - weight)));
    };
    expect(drawn(1e-3)).toBeLessThan(0.02);
    expect(drawn(1000)).toBeGreaterThan(0.45);
  });
});

it("scores by the layers above the first and the mean of the projected profiles", () => {
  const [first, second] = [embeddings(), embeddings(4, 7)];
  const model = make({ profileEmbeddings: first, furtherProfiles: [second], layers: 2 });
  const tensors = openParameters(model);
  const prepared = model.prepare?.(tensors) ?? tensors;
  const batch = userBatch(5, [[], [], []]);
  const actual = model.scores(prepared, batch, testContext({ training: false })).arraySync();

  const toUsers = normalized(denseInteractions(interactions));
  const toItems = transposed(toUsers);
  const [users, items] = [rowsOf(model, "users"), rowsOf(model, "items")];
  const nodes = (side: "users" | "items", layers: readonly number[][][]) =>
    plus(
      ...layers,
      scaled(0.5, plus(projected(model, `profiles.0.${side}`), projected(model, `profiles.1.${side}`))),
    );
  const expected = times(
    nodes("users", [times(toUsers, items), times(toUsers, times(toItems, users))]),
    transposed(nodes("items", [times(toItems, users), times(toItems, times(toUsers, items))])),
  );
  expected.forEach((row, user) => {
    row.forEach((score, item) => {
      expect(actual[user][item]).toBeCloseTo(score, 5);
    });
  });
});

it("says whether a language model wrote the further profiles", () => {
  expect(make().configuration).toMatchObject({ profiles: 4, furtherProfiles: "without a language model" });
  const given = make({ furtherProfiles: [embeddings(4, 7)] }).configuration;
  expect(given).toMatchObject({ profiles: 2, furtherProfiles: "given" });
  expect(given.embeddingsFingerprint).not.toBe(make().configuration.embeddingsFingerprint);
});

it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
  expect(() => make({ profileEmbeddings: undefined })).toThrow(InvalidOptionsError);
  expect(() => make({ profileEmbeddings: { users: matrix(2), items: matrix(5) } })).toThrow(
    ShapeMismatchError,
  );
  expect(() => make({ furtherProfiles: [embeddings(3)] })).toThrow(ShapeMismatchError);
  const items = matrix(5);
  items.values[7] = Number.NaN;
  expect(() => make({ furtherProfiles: [{ users: matrix(3), items }] })).toThrow(InvalidDataError);
  expect(() => make({ layers: 0 })).toThrow(/layers/);
  expect(() => make({ environments: 1 })).toThrow(/environments/);
  expect(() => make({ concentration: 0 })).toThrow(/concentration/);
});
