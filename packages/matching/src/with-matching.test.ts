import { cvga, multVae } from "@dmrec/base-models";
import {
  arraysByName,
  type DenseMatrix,
  InvalidDataError,
  InvalidOptionsError,
  isConstant,
  type MatrixProduct,
  parameter,
  RandomGenerator,
  type Recommender,
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
import { mddm } from "./mddm";
import { type MatchingOptions, withMatching } from "./with-matching";

const [userCount, itemCount, latentDimension, width] = [4, 6, 2, 3];
const shared = RandomGenerator.fromSeed(5);

const normalMatrix = (rowCount: number, columnCount: number, random = shared): DenseMatrix => ({
  rowCount,
  columnCount,
  values: random.fillNormal(new Float32Array(rowCount * columnCount)),
});

const initialParameters = () => {
  const random = RandomGenerator.fromSeed(7);
  const draw = (rows: number, columns: number) =>
    parameter([rows, columns], normalMatrix(rows, columns, random).values);
  return { table: draw(userCount, 2 * latentDimension), items: draw(latentDimension, itemCount) };
};
type Tables = TensorsOf<ReturnType<typeof initialParameters>>;

/** The least that a variational recommender can be: a user is the parameters in row `user` of a table. */
class TableModel implements VariationalRecommender {
  readonly name = "table";
  readonly configuration = { name: "table" };
  readonly itemCount = itemCount;
  readonly userCount = userCount;
  readonly latentDimension = latentDimension;
  readonly reads = { interactions: false, profile: false, userIndex: true };
  readonly examples = { kind: "users" } as const;
  readonly parameters = initialParameters();

  encode({ table }: Tables, { users }: UserBatch) {
    if (!users) throw new RangeError("a table needs indices");
    return gaussianHead(tf.gather(table, users));
  }
  decode({ items }: Tables, latent: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(latent, items);
  }
  reconstructionLoss(parameters: Tables, batch: UserBatch) {
    return { reconstruction: tf.mean<tf.Scalar>(tf.square(this.encode(parameters, batch).mean)) };
  }
  loss() {
    return { reconstruction: tf.scalar(0) };
  }
  scores(parameters: Tables, batch: UserBatch): tf.Tensor2D {
    return this.decode(parameters, this.encode(parameters, batch).mean);
  }
}

/** A model of a caller's own that reads the profiles of a batch, and has terms with the names of a strategy's. */
class ProfileModel extends TableModel {
  override readonly reads = { interactions: false, profile: true, userIndex: true };
  readonly profileWidth: number = width;

  override encode(parameters: Tables, batch: UserBatch) {
    const { mean, logVariance } = super.encode(parameters, batch);
    const { profileEmbeddings } = batch;
    if (!profileEmbeddings) return { kind: "diagonal-gaussian" as const, mean, logVariance };
    const shifted = tf.add<tf.Tensor2D>(mean, tf.slice(profileEmbeddings, [0, 0], [-1, latentDimension]));
    return { kind: "diagonal-gaussian" as const, mean: shifted, logVariance };
  }
  override reconstructionLoss(parameters: Tables, batch: UserBatch) {
    const [regularization, own] = [tf.scalar(100), tf.scalar(7)];
    return { ...super.reconstructionLoss(parameters, batch), regularization, own };
  }
}

const batch = userBatch(itemCount, [[0, 5], [2]], { users: [3, 1] });
const context = testContext({ training: false });

const profileEmbeddings = {
  users: normalMatrix(userCount, width),
  items: normalMatrix(itemCount, width),
};
const options: MatchingOptions = { profileEmbeddings, strategy: mddm({ beta: 0.5 }), hiddenDimension: 7 };
const largest = (x: tf.Tensor) => Math.max(...tf.abs(x).dataSync());

/** A matched model with its tensors. */
function open(own: Partial<MatchingOptions> = {}, model: VariationalRecommender = new TableModel()) {
  const matched = withMatching(model, { ...options, ...own });
  const parameters = openParameters(matched);
  return {
    ...matched,
    posteriors: (batch: UserBatch) => matched.posteriors(parameters, batch, context),
    loss: (batch: UserBatch) => matched.loss(parameters, batch, testContext()),
    scores: (batch: UserBatch) => matched.scores(parameters, batch, context),
  };
}

describe("withMatching", () => {
  const matched = open();

  it("decodes the sum of both posteriors by default, and the collaborative one on request", () => {
    const { collaborative, language: other, combined } = matched.posteriors(batch);
    expect(largest(tf.sub(combined.mean, tf.add(collaborative.mean, other.mean)))).toBeLessThan(1e-6);
    expect(
      largest(tf.sub(combined.logVariance, tf.add(collaborative.logVariance, other.logVariance))),
    ).toBeLessThan(1e-6);

    const collaborativeOnly = open({ posterior: "collaborative" });
    const posteriors = collaborativeOnly.posteriors(batch);
    expect(posteriors.combined).toBe(posteriors.collaborative);
  });

  it("adds the strategy's terms to the model's own", () => {
    expect(Object.keys(matched.loss(batch)).sort()).toEqual(["matching", "reconstruction", "regularization"]);
    expect(matched.scores(batch).shape).toEqual([2, itemCount]);
  });

  it("keeps a term of the model that has the name of one of the strategy's", () => {
    const [plain, own] = [matched.loss(batch), open({}, new ProfileModel()).loss(batch)];
    expect(Object.keys(own).sort()).toEqual(["matching", "own", "reconstruction", "regularization"]);
    expect(own.regularization.dataSync()[0]).toBeCloseTo(100 + plain.regularization.dataSync()[0], 4);
  });

  it("reads the profiles that the model reads, even if the collaborative posterior is decoded", () => {
    const collaborative = (model: VariationalRecommender) => open({ posterior: "collaborative" }, model);
    expect(collaborative(new ProfileModel())).toMatchObject({
      reads: { profile: true },
      profileWidth: width,
    });
    expect(collaborative(new TableModel()).reads.profile).toBe(false);
  });

  it("knows the users that both the model and the embeddings have", () => {
    const more = { ...profileEmbeddings, users: normalMatrix(userCount + 2, width) };
    const fewer = { ...profileEmbeddings, users: normalMatrix(userCount - 1, width) };
    expect(open({ profileEmbeddings: more }).userCount).toBe(userCount);
    expect(open({ profileEmbeddings: fewer }).userCount).toBe(userCount - 1);
    const anyone = multVae({ itemCount, hiddenDimension: 4, latentDimension });
    expect(open({ profileEmbeddings: more }, anyone).userCount).toBe(userCount + 2);
  });

  it("trains on the examples that the model asks for, drawn items included", () => {
    const profileEmbeddings = {
      users: normalMatrix(userCount, width),
      items: normalMatrix(itemCount, width),
    };
    const sampled = multVae({ itemCount, hiddenDimension: 4, latentDimension, softmaxSamples: 3 });
    const matched = withMatching(sampled, { profileEmbeddings, strategy: mddm({ beta: 0.5 }) });
    expect(matched.examples).toEqual({
      kind: "users",
      sampledItems: { count: 3, proposal: "log-uniform" },
    });
  });

  it("matches what the model's formula gives, and refuses a formula of another kind of model", async () => {
    const { table, items } = initialParameters();
    const tables = {
      rowCount: latentDimension,
      columnCount: itemCount,
      values: Float32Array.from(items.values),
    };
    const solvedBy = (solve: (product: MatrixProduct) => Promise<Recommender>) => {
      const model = Object.assign(new TableModel(), { solve });
      return withMatching(model, { profileEmbeddings, strategy: mddm({ beta: 0.5 }) });
    };
    const sevens: MatrixProduct = async (_, b) => ({
      ...b,
      values: new Float32Array(b.values.length).fill(7),
    });
    const matched = solvedBy(async (product) => {
      const { values } = await product(tables, tables);
      const parameters = { table, items: parameter([latentDimension, itemCount], values) };
      return Object.assign(new TableModel(), { parameters });
    });
    const solved = await matched.solve?.(sevens);
    expect(solved?.name).toBe("table+mddm");
    expect(solved && arraysByName(solved.parameters).get("collaborative.items")?.values).toEqual(
      new Float32Array(latentDimension * itemCount).fill(7),
    );
    const other = solvedBy(async () => Object.assign(new TableModel(), { decode: undefined }));
    await expect(other.solve?.(sevens)).rejects.toThrow(
      /withMatching: model: table has no decode; expected a/,
    );
    expect(
      withMatching(new TableModel(), { profileEmbeddings, strategy: mddm({ beta: 0.5 }) }).solve,
    ).toBeUndefined();
  });

  it("names the parameters of both spaces", () => {
    const trained = [...arraysByName(matched.parameters)].flatMap(([name, array]) =>
      isConstant(array) ? [] : [name],
    );
    expect(trained.sort()).toEqual([
      "collaborative.items",
      "collaborative.table",
      "language.hidden.bias",
      "language.hidden.weights",
      "language.output.bias",
      "language.output.weights",
    ]);
  });

  it("reads the profile embeddings of a batch instead of the table's if it has them", () => {
    const rows = [3, 1].map((user) => [
      ...profileEmbeddings.users.values.subarray(user * width, (user + 1) * width),
    ]);
    const withProfiles = (change: number) => ({
      ...batch,
      profileEmbeddings: tf.tensor2d(rows.map((row) => row.map((value) => value + change))),
    });
    const mean = (b: UserBatch) => matched.posteriors(b).language.mean;
    expect(largest(tf.sub(mean(withProfiles(0)), mean(batch)))).toBeLessThan(1e-6);
    expect(largest(tf.sub(mean(withProfiles(1)), mean(batch)))).toBeGreaterThan(1e-3);
    expect(() => mean({ ...batch, profileEmbeddings: tf.zeros([2, width + 1]) })).toThrow(ShapeMismatchError);
  });

  it("refuses a batch without users and profile embeddings", () => {
    const { users: _, ...anonymous } = batch;
    const reader = { ...new TableModel(), encode: () => gaussianHead(tf.zeros([2, 2 * latentDimension])) };
    const model = open({}, Object.assign(new TableModel(), reader));
    expect(() => model.posteriors(anonymous)).toThrow(InvalidDataError);
    expect(() => model.posteriors(anonymous)).toThrow(/neither users nor profile embeddings/);
  });

  it("without its base network, reads the profile only", () => {
    const ablated = open({ baseNetwork: "profile" });
    const other = { ...batch, items: tf.tensor1d([1, 2, 3], "int32") };
    const mean = (b: UserBatch, model = ablated) => model.posteriors(b).language.mean;
    expect(largest(tf.sub(mean(other), mean(batch)))).toBe(0);
    expect(largest(tf.sub(mean(other, matched), mean(batch, matched)))).toBeGreaterThan(1e-3);
  });

  it("hides all interactions of cold-start users from both spaces while training, and none from scores", () => {
    const seenWeights: Float32Array[] = [];
    class WatchedModel extends TableModel {
      override encode(parameters: Tables, batch: UserBatch) {
        seenWeights.push(Float32Array.from(batch.weights.dataSync()));
        return super.encode(parameters, batch);
      }
    }
    const model = open({ coldStartRate: 0.5 }, new WatchedModel());
    const histories = Array.from({ length: 2000 }, () => [0, 0]);
    const many = userBatch(itemCount, histories, { users: new Array<number>(2000).fill(0) });
    model.loss(many);
    const [seen] = seenWeights.splice(0);
    const pairs = Array.from({ length: 2000 }, (_, user) => seen[2 * user] + seen[2 * user + 1]);
    expect(pairs.every((sum) => sum === 0 || sum === 2)).toBe(true);
    const hidden = pairs.filter((sum) => sum === 0).length / pairs.length;
    expect(hidden).toBeGreaterThan(0.4);
    expect(hidden).toBeLessThan(0.6);
    model.scores(many);
    expect(seenWeights.splice(0)[0].every((weight) => weight === 1)).toBe(true);
  });

  it("refuses embeddings that do not fit the model or each other", () => {
    const make = (users: DenseMatrix, items: DenseMatrix) => () =>
      withMatching(new TableModel(), { ...options, profileEmbeddings: { users, items } });
    expect(() => withMatching(new TableModel(), { ...options, profileEmbeddings: undefined })).toThrow(
      /withMatching: profileEmbeddings: none; expected/,
    );
    // @ts-expect-error: the strategy that was not called.
    expect(() => withMatching(new TableModel(), { ...options, strategy: mddm })).toThrow(
      /strategy: expected a name/,
    );
    const { loss } = mddm({ beta: 0.5 });
    // @ts-expect-error: a strategy without a name and a configuration.
    expect(() => withMatching(new TableModel(), { ...options, strategy: { loss } })).toThrow(
      /strategy: expected a name/,
    );
    class WideModel extends ProfileModel {
      override readonly profileWidth = width + 1;
    }
    expect(() => withMatching(new WideModel(), options)).toThrow(ShapeMismatchError);
    expect(make(profileEmbeddings.users, normalMatrix(itemCount + 1, width))).toThrow(ShapeMismatchError);
    expect(make(normalMatrix(userCount, width + 1), profileEmbeddings.items)).toThrow(ShapeMismatchError);
  });

  it("refuses embeddings with a hole, naming where it is", () => {
    const holed = normalMatrix(userCount, width);
    holed.values[2 * width + 1] = Number.NaN;
    expect(() =>
      withMatching(new TableModel(), {
        ...options,
        profileEmbeddings: { users: holed, items: profileEmbeddings.items },
      }),
    ).toThrow(/profileEmbeddings\.users, user 2, column 1: NaN/);
    const cut = { ...profileEmbeddings.items, values: profileEmbeddings.items.values.slice(1) };
    expect(() =>
      withMatching(new TableModel(), {
        ...options,
        profileEmbeddings: { users: profileEmbeddings.users, items: cut },
      }),
    ).toThrow(/profileEmbeddings\.items: .*values/);
  });

  it("tells items' embeddings of one width apart by its configuration, and takes users that are added", () => {
    const configurationOf = (users: DenseMatrix, items: DenseMatrix) => {
      return withMatching(new TableModel(), { ...options, profileEmbeddings: { users, items } })
        .configuration;
    };
    const copy = ({ values, ...shape }: DenseMatrix) => ({ ...shape, values: values.slice() });
    const { users, items } = profileEmbeddings;
    expect(JSON.parse(JSON.stringify(matched.configuration))).toEqual(matched.configuration);
    expect(configurationOf(copy(users), copy(items))).toEqual(matched.configuration);
    expect(configurationOf(normalMatrix(userCount + 1, width), items)).toEqual(matched.configuration);
    const { itemEmbeddingsFingerprint, ...rest } = configurationOf(users, normalMatrix(itemCount, width));
    expect(matched.configuration).toMatchObject(rest);
    expect(itemEmbeddingsFingerprint).not.toEqual(matched.configuration.itemEmbeddingsFingerprint);
  });

  it("refuses a model that is not variational, naming what it lacks", () => {
    const matching = (model: object) => () => withMatching(Object.assign(new TableModel(), model), options);
    expect(matching({ encode: undefined, latentDimension: undefined })).toThrow(InvalidOptionsError);
    expect(matching({ encode: undefined, latentDimension: undefined })).toThrow(
      /withMatching: model: table has no encode, latentDimension; expected a variational recommender, such as/,
    );
    expect(matching({ examples: { kind: "pairs", negatives: 1 } })).toThrow(
      /no examples of the kind "users"/,
    );
  });

  const interactions = trainingInteractions(itemCount, [[0, 3], [0, 1, 2], [3], [5]]);
  const models: Readonly<Record<string, () => VariationalRecommender>> = {
    "a table": () => new TableModel(),
    "a table beside profiles": () => new ProfileModel(),
    "Mult-VAE": () => multVae({ itemCount, hiddenDimension: 4, latentDimension }),
    "CVGA of two layers": () => cvga({ interactions, layers: 2, latentDimension, hiddenDimension: 4 }),
  };
  const variants: readonly Partial<MatchingOptions>[] = [
    { baseNetwork: "interactions-and-profile" },
    { baseNetwork: "profile" },
    { posterior: "collaborative" },
    { strategy: mddm({ beta: { concentration: 1 } }), coldStartRate: 0.5 },
  ];
  for (const [model, make] of Object.entries(models))
    for (const own of variants)
      for (const { name, check } of recommenderChecks(() => withMatching(make(), { ...options, ...own })))
        it(`${name}: ${model} with ${JSON.stringify(own)}`, check);
});
