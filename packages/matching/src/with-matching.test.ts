import { cvga, multVae } from "@dmrec/base-models";
import {
  arraysByName,
  type DenseMatrix,
  InvalidDataError,
  isConstant,
  parameter,
  RandomGenerator,
  ShapeMismatchError,
  type TensorsOf,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import { gaussianHead } from "@dmrec/layers";
import {
  openParameters,
  recommenderChecks,
  testContext,
  trainingInteractions,
  userBatch,
} from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { withoutMatching } from "./ablations";
import { mddm } from "./mddm";
import { type MatchingOptions, withMatching } from "./with-matching";

const [userCount, itemCount, latentDimension, width] = [4, 6, 2, 3];

const normalMatrix = (rowCount: number, columnCount: number, seed = 5): DenseMatrix => ({
  rowCount,
  columnCount,
  values: RandomGenerator.fromSeed(seed).fillNormal(new Float32Array(rowCount * columnCount)),
});

/** The least that a variational recommender can be: a user is the parameters in row `user` of a table. */
function tableModel(): VariationalRecommender {
  const draw = (rows: number, columns: number) =>
    parameter([rows, columns], normalMatrix(rows, columns).values);
  const parameters = { table: draw(userCount, 2 * latentDimension), items: draw(latentDimension, itemCount) };
  type Tensors = TensorsOf<typeof parameters>;
  const encode = ({ table }: Tensors, { users }: UserBatch) => {
    if (!users) throw new Error("no users");
    return gaussianHead(tf.gather(table, users));
  };
  return {
    name: "table",
    configuration: { name: "table" },
    itemCount,
    userCount,
    latentDimension,
    reads: { interactions: false, profile: false, userIndex: true },
    examples: { kind: "users" },
    parameters,
    encode,
    decode: ({ items }: Tensors, latent) => tf.matMul(latent, items),
    reconstructionLoss: (_, __, posterior) => ({
      reconstruction: tf.mean<tf.Scalar>(tf.square(posterior.mean)),
    }),
    loss: (tensors: Tensors, batch: UserBatch) => ({
      reconstruction: tf.mean<tf.Scalar>(tf.square(encode(tensors, batch).mean)),
    }),
    scores: (tensors: Tensors, batch) => tf.matMul(encode(tensors, batch).mean, tensors.items),
  };
}

const batch = userBatch({ itemCount, interactions: [[0, 5], [2]], users: [3, 1] });
const context = testContext({ training: false });

const profileEmbeddings = {
  users: normalMatrix(userCount, width, 6),
  items: normalMatrix(itemCount, width, 7),
};
const options = { profileEmbeddings, strategy: mddm({ beta: 0.5 }), hiddenDimension: 7 };
const largest = (x: tf.Tensor) => Math.max(...tf.abs(x).dataSync());

/** A matched model with the values that the tests look at. */
function opened(own: Partial<MatchingOptions> = {}, model = tableModel()) {
  const matched = withMatching(model, { ...options, ...own });
  const parameters = openParameters(matched);
  return {
    posteriors: (users = batch) => matched.posteriors(parameters, users, context),
    loss: (users = batch) => matched.loss(parameters, users, testContext()),
    scores: (users = batch) => matched.scores(parameters, users, context),
  };
}

/** The table model, which notes the weights of interactions that its encoder sees, one array for each call. */
function watchedModel(seen: Float32Array[]): VariationalRecommender {
  const model = tableModel();
  return {
    ...model,
    encode(tensors, own, noise) {
      seen.push(Float32Array.from(own.weights.dataSync()));
      return model.encode(tensors, own, noise);
    },
  };
}

describe("withMatching", () => {
  const interactions = trainingInteractions(itemCount, [[0, 3], [0, 1, 2], [3], [5]]);
  const base = () => multVae({ itemCount, hiddenDimension: 4, latentDimension: 3 });
  const models: Readonly<Record<string, () => VariationalRecommender>> = {
    "a table": tableModel,
    "Mult-VAE": base,
    "CVGA of two layers": () => cvga({ interactions, layers: 2, latentDimension: 3, hiddenDimension: 4 }),
  };
  const variants: Partial<MatchingOptions>[] = [
    {},
    { strategy: mddm({ beta: { concentration: 1 } }), coldStartRate: 0.5 },
    { baseNetwork: "profile" },
    { posterior: "collaborative", strategy: withoutMatching() },
  ];
  describe.each(
    Object.entries(models).flatMap(([name, make]) => variants.map((own) => ({ name, make, own }))),
  )("of $name with $own", ({ make, own }) => {
    const matched = () => withMatching(make(), { ...options, ...own });
    it.each(recommenderChecks(matched, { profileWidth: width }))("$name", ({ check }) => check());
  });

  it("decodes the sum of both posteriors by default, and the collaborative one on request", () => {
    const { collaborative, language, combined } = opened().posteriors();
    expect(largest(tf.sub(combined.mean, tf.add(collaborative.mean, language.mean)))).toBeLessThan(1e-6);
    expect(
      largest(tf.sub(combined.logVariance, tf.add(collaborative.logVariance, language.logVariance))),
    ).toBeLessThan(1e-6);

    const posteriors = opened({ posterior: "collaborative" }).posteriors();
    expect(posteriors.combined).toBe(posteriors.collaborative);
  });

  it("says what its scores depend on", () => {
    const reads = (own: Partial<MatchingOptions>, model = base()) =>
      withMatching(model, { ...options, ...own }).reads;
    expect(reads({})).toEqual({ interactions: true, profile: true, userIndex: false });
    expect(reads({ baseNetwork: "profile" })).toEqual({
      interactions: true,
      profile: true,
      userIndex: false,
    });
    expect(reads({ posterior: "collaborative" })).toEqual(base().reads);
    expect(reads({}, tableModel())).toEqual({ interactions: true, profile: true, userIndex: true });
    expect(reads({ baseNetwork: "profile" }, tableModel()).interactions).toBe(false);
  });

  it("adds the strategy's terms to the model's own", () => {
    expect(Object.keys(opened().loss()).sort()).toEqual(["matching", "reconstruction", "regularization"]);
    expect(opened().scores().shape).toEqual([2, itemCount]);
  });

  it("names the parameters of both spaces, and holds the embeddings as constants", () => {
    const arrays = [...arraysByName(withMatching(tableModel(), options).parameters)];
    const names = (constants: boolean) =>
      arrays.flatMap(([name, array]) => (isConstant(array) === constants ? [name] : [])).sort();
    expect(names(false)).toEqual([
      "collaborative.items",
      "collaborative.table",
      "language.hidden.bias",
      "language.hidden.weights",
      "language.output.bias",
      "language.output.weights",
    ]);
    expect(names(true)).toEqual(["language.profiles.items", "language.profiles.users"]);
  });

  it("prefers the profiles of a batch to those of its users", () => {
    const { posteriors } = opened();
    const rows = [3, 1].flatMap((user) => [
      ...profileEmbeddings.users.values.subarray(user * width, (user + 1) * width),
    ]);
    const withProfiles = (values: number[]) => ({
      ...batch,
      profileEmbeddings: tf.tensor2d(values, [2, width]),
    });
    const mean = (users: UserBatch) => posteriors(users).language.mean;
    expect(largest(tf.sub(mean(withProfiles(rows)), mean(batch)))).toBeLessThan(1e-6);
    const others = withProfiles(rows.map((value) => value + 1));
    expect(largest(tf.sub(mean(others), mean(batch)))).toBeGreaterThan(1e-3);
    expect(() => mean({ ...batch, profileEmbeddings: tf.zeros([2, width + 1]) })).toThrow(ShapeMismatchError);
  });

  it("refuses a batch that says nothing of profiles, if it reads them", () => {
    const unknown = userBatch({ itemCount, interactions: [[0]], users: "none" });
    expect(() => opened({}, base()).scores(unknown)).toThrow(
      "the batch of users: neither profile embeddings nor indices of users; expected profileEmbeddings for",
    );
    expect(() => opened({}, base()).scores(unknown)).toThrow(
      expect.toSatisfy((error) => InvalidDataError.isInstance(error)),
    );
    expect(opened({ posterior: "collaborative" }, base()).scores(unknown).shape).toEqual([1, itemCount]);
  });

  it("without its base network, reads only the profile", () => {
    const other = { ...batch, items: tf.tensor1d([1, 2, 3], "int32") };
    const change = ({ posteriors }: ReturnType<typeof opened>) =>
      largest(tf.sub(posteriors(other).language.mean, posteriors(batch).language.mean));
    expect(change(opened({ baseNetwork: "profile" }))).toBe(0);
    expect(change(opened())).toBeGreaterThan(1e-3);
  });

  it("hides all interactions of a fraction of the users from both encoders in training, and none for scores", () => {
    const seen: Float32Array[] = [];
    const { loss, scores } = opened({ coldStartRate: 0.5 }, watchedModel(seen));
    const many = userBatch({
      itemCount,
      interactions: Array.from({ length: 2000 }, () => [0, 1]),
      users: new Array<number>(2000).fill(0),
    });
    loss(many);
    const [weights] = seen.splice(0);
    const pairs = Array.from({ length: 2000 }, (_, user) => weights[2 * user] + weights[2 * user + 1]);
    expect(pairs.every((sum) => sum === 0 || sum === 2)).toBe(true);
    const hidden = pairs.filter((sum) => sum === 0).length / pairs.length;
    expect(hidden).toBeGreaterThan(0.4);
    expect(hidden).toBeLessThan(0.6);
    scores(many);
    expect(seen.splice(0)[0].every((weight) => weight === 1)).toBe(true);
  });

  it("refuses embeddings that do not fit the model or each other", () => {
    const make = (users: DenseMatrix, items: DenseMatrix) => () =>
      withMatching(tableModel(), { ...options, profileEmbeddings: { users, items } });
    const { users, items } = profileEmbeddings;
    expect(() => withMatching(tableModel(), { ...options, profileEmbeddings: undefined })).toThrow(
      /withMatching: profileEmbeddings: none; expected/,
    );
    // @ts-expect-error: the strategy that was not called.
    expect(() => withMatching(tableModel(), { ...options, strategy: mddm })).toThrow(
      /strategy: expected a name/,
    );
    expect(make(users, normalMatrix(itemCount + 1, width))).toThrow(ShapeMismatchError);
    expect(make(normalMatrix(userCount, width + 1), items)).toThrow(ShapeMismatchError);
    expect(make(normalMatrix(userCount - 1, width), items)).toThrow(
      `the matrix of user embeddings has shape [${userCount - 1}, ${width}]; expected [${userCount}, ${width}]`,
    );
  });

  it("refuses embeddings with a hole, naming its place", () => {
    const holed = normalMatrix(userCount, width);
    holed.values[2 * width + 1] = Number.NaN;
    const { users, items } = profileEmbeddings;
    expect(() =>
      withMatching(tableModel(), { ...options, profileEmbeddings: { users: holed, items } }),
    ).toThrow(/profileEmbeddings\.users, user 2, column 1: NaN/);
    const cut = { ...items, values: items.values.slice(1) };
    expect(() =>
      withMatching(tableModel(), { ...options, profileEmbeddings: { users, items: cut } }),
    ).toThrow(/profileEmbeddings\.items: .*values/);
  });

  it("distinguishes embeddings of items by its configuration, but not those of users", () => {
    const configurationOf = (users: DenseMatrix, items: DenseMatrix) =>
      withMatching(tableModel(), { ...options, profileEmbeddings: { users, items } }).configuration;
    const copy = ({ values, ...shape }: DenseMatrix) => ({ ...shape, values: values.slice() });
    const { users, items } = profileEmbeddings;
    const own = configurationOf(users, items);
    expect(configurationOf(copy(users), copy(items))).toEqual(own);
    expect(configurationOf(normalMatrix(userCount + 1, width), items)).toEqual(own);
    const { itemEmbeddingsFingerprint, ...rest } = configurationOf(users, normalMatrix(itemCount, width));
    expect(own).toMatchObject(rest);
    expect(itemEmbeddingsFingerprint).not.toEqual(own.itemEmbeddingsFingerprint);
  });
});
