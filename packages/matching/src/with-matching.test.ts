import {
  type DenseMatrix,
  type ForwardContext,
  type InteractionBatch,
  RandomGenerator,
  ShapeMismatchError,
  type VariationalRecommender,
} from "@dmrec/core";
import { gaussianHead } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, it } from "vitest";
import { mddm } from "./mddm";
import { withMatching } from "./with-matching";

const [userCount, itemCount, latentDimension, width] = [4, 6, 2, 3];
const random = RandomGenerator.fromSeed(5);

const normalMatrix = (rowCount: number, columnCount: number): DenseMatrix => ({
  rowCount,
  columnCount,
  values: random.fillNormal(new Float32Array(rowCount * columnCount)),
});

/** The least that a variational recommender can be: a user is the parameters in row `user` of a table. */
function tableModel(): VariationalRecommender {
  const draw = (rows: number, columns: number) =>
    tf.variable(tf.tensor2d(random.fillNormal(new Float32Array(rows * columns)), [rows, columns]));
  const variables = { table: draw(userCount, 2 * latentDimension), items: draw(latentDimension, itemCount) };
  return {
    name: "table",
    configuration: { name: "table" },
    itemCount,
    latentDimension,
    variables,
    encode: (batch) => gaussianHead(tf.gather(variables.table, batch.users)),
    decode: (latent) => tf.matMul(latent, variables.items),
    reconstructionLoss: (_, posterior) => ({ reconstruction: tf.mean(tf.square(posterior.mean)) }),
    loss: () => ({ reconstruction: tf.scalar(0) }),
    scores: (batch) => tf.matMul(gaussianHead(tf.gather(variables.table, batch.users)).mean, variables.items),
    dispose: () => tf.dispose(variables),
  };
}

const batch: InteractionBatch = {
  userCount: 2,
  itemCount,
  users: tf.tensor1d([3, 1], "int32"),
  rows: tf.tensor1d([0, 0, 1], "int32"),
  items: tf.tensor1d([0, 5, 2], "int32"),
  weights: tf.tensor1d([1, 1, 1]),
};

const context: ForwardContext = {
  training: false,
  normal: (shape) => tf.zeros(shape),
  dropout: (values) => values,
  hostInput: (shape, make) => tf.tensor(Float32Array.from(make({ step: 0, epoch: 0, random })), shape),
  observe: () => {},
};

const language = { users: normalMatrix(userCount, width), items: normalMatrix(itemCount, width) };
const options = { language, strategy: mddm({ beta: 0.5 }), hiddenDimension: 7 };
const largest = (x: tf.Tensor) => Math.max(...tf.abs(x).dataSync());

/** The weights that the encoder of a model was shown, a call each. */
const seenWeights: Float32Array[] = [];

/** The table model, which notes what its encoder sees. */
function watchedModel(seen: Float32Array[]): VariationalRecommender {
  const model = tableModel();
  return {
    ...model,
    encode(own, noise) {
      seen.push(Float32Array.from(own.weights.dataSync()));
      return model.encode(own, noise);
    },
  };
}

describe("withMatching", () => {
  const matched = withMatching(tableModel(), options);
  afterAll(() => matched.dispose());

  it("decodes the sum of both posteriors by default, and the collaborative one on request", () => {
    const { collaborative, language: other, decoded } = matched.posteriors(batch, context);
    expect(largest(tf.sub(decoded.mean, tf.add(collaborative.mean, other.mean)))).toBeLessThan(1e-6);
    expect(
      largest(tf.sub(decoded.logVariance, tf.add(collaborative.logVariance, other.logVariance))),
    ).toBeLessThan(1e-6);

    const collaborativeOnly = withMatching(tableModel(), { ...options, posterior: "collaborative" });
    const posteriors = collaborativeOnly.posteriors(batch, context);
    expect(posteriors.decoded).toBe(posteriors.collaborative);
    collaborativeOnly.dispose();
  });

  it("adds the strategy's terms to the model's own", () => {
    expect(Object.keys(matched.loss(batch, context)).sort()).toEqual([
      "matching",
      "reconstruction",
      "regularization",
    ]);
    expect(matched.scores(batch, context).shape).toEqual([2, itemCount]);
  });

  it("names the variables of both spaces", () => {
    expect(Object.keys(matched.variables).sort()).toEqual([
      "collaborative.items",
      "collaborative.table",
      "language.hidden.bias",
      "language.hidden.weights",
      "language.output.bias",
      "language.output.weights",
    ]);
  });

  it("reads the profiles of a batch instead of the table's where it has them", () => {
    const rows = [3, 1].flatMap((user) => [
      ...language.users.values.subarray(user * width, (user + 1) * width),
    ]);
    const told = { ...batch, profiles: tf.tensor2d(rows, [2, width]) };
    const stranger = {
      ...batch,
      profiles: tf.tensor2d(
        rows.map((value) => value + 1),
        [2, width],
      ),
    };
    const mean = (b: InteractionBatch) => matched.posteriors(b, context).language.mean;
    expect(largest(tf.sub(mean(told), mean(batch)))).toBeLessThan(1e-6);
    expect(largest(tf.sub(mean(stranger), mean(batch)))).toBeGreaterThan(1e-3);
    expect(() => mean({ ...batch, profiles: tf.zeros([2, width + 1]) })).toThrow(ShapeMismatchError);
  });

  it("without its base network, reads the profile alone", () => {
    const ablated = withMatching(tableModel(), { ...options, baseNetwork: "profile" });
    const other = { ...batch, items: tf.tensor1d([1, 2, 3], "int32") };
    const mean = (b: InteractionBatch, model = ablated) => model.posteriors(b, context).language.mean;
    expect(largest(tf.sub(mean(other), mean(batch)))).toBe(0);
    expect(largest(tf.sub(mean(other, matched), mean(batch, matched)))).toBeGreaterThan(1e-3);
    ablated.dispose();
  });

  it("hides all interactions of a share of the users from both spaces while training, and none from scores", () => {
    const shy = withMatching(watchedModel(seenWeights), { ...options, profileOnlyShare: 0.5 });
    const many = { ...batch, userCount: 2000, users: tf.zeros<tf.Rank.R1>([2000], "int32") };
    const rows = tf.tensor1d(
      Array.from({ length: 4000 }, (_, index) => index >> 1),
      "int32",
    );
    const all = {
      ...many,
      rows,
      items: tf.zeros<tf.Rank.R1>([4000], "int32"),
      weights: tf.ones<tf.Rank.R1>([4000]),
    };
    shy.loss(all, context);
    const [seen] = seenWeights.splice(0);
    const pairs = Array.from({ length: 2000 }, (_, user) => seen[2 * user] + seen[2 * user + 1]);
    expect(pairs.every((sum) => sum === 0 || sum === 2)).toBe(true);
    const hidden = pairs.filter((sum) => sum === 0).length / pairs.length;
    expect(hidden).toBeGreaterThan(0.4);
    expect(hidden).toBeLessThan(0.6);
    shy.scores(all, context);
    expect(seenWeights.splice(0)[0].every((weight) => weight === 1)).toBe(true);
    shy.dispose();
  });

  it("refuses embeddings that do not fit the model or each other", () => {
    const make = (users: DenseMatrix, items: DenseMatrix) => () =>
      withMatching(tableModel(), { ...options, language: { users, items } });
    expect(() => withMatching(tableModel(), { ...options, language: undefined })).toThrow(
      /withMatching: language: none; expected/,
    );
    // @ts-expect-error: the strategy that was not called.
    expect(() => withMatching(tableModel(), { ...options, strategy: mddm })).toThrow(
      /strategy: expected a name/,
    );
    expect(make(language.users, normalMatrix(itemCount + 1, width))).toThrow(ShapeMismatchError);
    expect(make(normalMatrix(userCount, width + 1), language.items)).toThrow(ShapeMismatchError);
  });

  it("refuses embeddings with a hole, naming where it is", () => {
    const holed = normalMatrix(userCount, width);
    holed.values[2 * width + 1] = Number.NaN;
    expect(() =>
      withMatching(tableModel(), { ...options, language: { users: holed, items: language.items } }),
    ).toThrow(/language\.users, user 2, column 1: NaN/);
    const cut = { ...language.items, values: language.items.values.slice(1) };
    expect(() =>
      withMatching(tableModel(), { ...options, language: { users: language.users, items: cut } }),
    ).toThrow(/language\.items: .*values/);
  });

  it("tells items' embeddings of one width apart by its configuration, and takes users that are added", () => {
    const configurationOf = (users: DenseMatrix, items: DenseMatrix) => {
      const model = withMatching(tableModel(), { ...options, language: { users, items } });
      model.dispose();
      return model.configuration;
    };
    const copy = ({ values, ...shape }: DenseMatrix) => ({ ...shape, values: values.slice() });
    const { users, items } = language;
    expect(JSON.parse(JSON.stringify(matched.configuration))).toEqual(matched.configuration);
    expect(configurationOf(copy(users), copy(items))).toEqual(matched.configuration);
    expect(configurationOf(normalMatrix(userCount + 1, width), items)).toEqual(matched.configuration);
    const { itemEmbeddingsFingerprint, ...rest } = configurationOf(users, normalMatrix(itemCount, width));
    expect(matched.configuration).toMatchObject(rest);
    expect(itemEmbeddingsFingerprint).not.toEqual(matched.configuration.itemEmbeddingsFingerprint);
  });

  it("frees everything it holds", () => {
    const before = tf.memory().numTensors;
    withMatching(tableModel(), options).dispose();
    // The initial values that the test's own table model leaves behind are not the wrapper's.
    expect(tf.memory().numTensors - before).toBe(2);
  });
});
