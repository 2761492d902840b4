import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import {
  type FittedRecommender,
  InvalidDataError,
  type ProfileEmbedding,
  parameter,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  type Trainer,
  type UserBatch,
  type UserRows,
} from "@dmrec/core";
import { gatherRows, syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender, type ServedRecommender } from "./index";

const data = {
  ...syntheticCatalogue({ users: 120, items: 90, embeddingWidth: 16, seed: 5 }),
  itemIds: Array.from({ length: 90 }, (_, item) => `item-${item}`),
  userIds: Array.from({ length: 120 }, (_, user) => `user-${user}`),
};
const { itemCount, userCount, profileEmbeddings } = data;
const sizes = { hiddenDimension: 24, latentDimension: 8 };

let directory: string;
let trainer: Trainer;
let trained: FittedRecommender;
let served: ServedRecommender;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-serving-"));
  file = join(directory, "model.onnx");
  trainer = await createTrainer({ epochs: 4, batchSize: 64 });
  const matched = withMatching(multVae({ itemCount, ...sizes, inputScaling: "unit-length" }), {
    profileEmbeddings,
    strategy: mddm({ beta: 0.5 }),
    hiddenDimension: 24,
  });
  trained = await trainer.fit(matched, data);
  await trained.export(file);
  served = await loadRecommender(file);
});
afterAll(async () => {
  await served.close();
  await trained.close();
  await rm(directory, { recursive: true });
});

/** The request of a user of the data. */
const requestOf = (user: number) => ({
  interactions: itemsOf(user).map((item) => data.itemIds[item]),
  profileEmbedding: profileEmbeddings?.users.values.slice(user * 16, (user + 1) * 16) ?? [],
});
const itemsOf = (user: number) => [
  ...data.train.items.subarray(data.train.offsets[user], data.train.offsets[user + 1]),
];
const rowOf = (user: number) => gatherRows(data.train, Int32Array.of(user));

/** The row of a new user. */
const newUser = (items: readonly number[], profile: ProfileEmbedding): UserRows => ({
  itemCount,
  rowCount: 1,
  rows: new Int32Array(items.length),
  items: Int32Array.from(items),
  weights: new Float32Array(items.length).fill(1),
  profileEmbeddings: { rowCount: 1, columnCount: 16, values: Float32Array.from(profile) },
});

describe("an exported recommender", () => {
  it("gives the trained model's scores and recommendations", async () => {
    for (const user of [0, 7, 119]) {
      expectClose(await served.score(requestOf(user)), await trained.score(rowOf(user)));
      const expected = await trained.recommend({ userIndex: user, exclude: [0, 1], count: 7 });
      const actual = await served.recommend({ ...requestOf(user), exclude: ["item-0", "item-1"], count: 7 });
      expect(actual.map(({ itemId, name }) => ({ itemId, name }))).toEqual(
        expected.map(({ itemId, name }) => ({ itemId, name })),
      );
    }
  });

  it("answers many as it answers each, whatever their number of interactions", async () => {
    const requests = Array.from({ length: 120 }, (_, user) => ({
      ...requestOf(user),
      count: 1 + (user % 9),
    }));
    const many = await served.recommendAll(requests);
    for (const user of [0, 1, 50, 119]) {
      const one = await served.recommend(requests[user]);
      expect(many[user].map(({ item }) => item)).toEqual(one.map(({ item }) => item));
      expect(many[user]).toHaveLength(1 + (user % 9));
    }
  });

  it("scores new users by a text only, and by items only", async () => {
    const { profileEmbedding, interactions } = requestOf(5);
    const byText = await trained.score(newUser([], profileEmbedding));
    expectClose(await served.score({ profileEmbedding }), byText);
    const byItems = await trained.score(newUser(itemsOf(5), new Float32Array(16)));
    expectClose(await served.score({ interactions }), byItems);
    expect(await served.recommend({ profileEmbedding })).toHaveLength(10);
  });

  it("may be a model without profiles", async () => {
    const baseFile = join(directory, "base.onnx");
    await using base = await trainer.open(multVae({ itemCount, ...sizes }), { data });
    await base.export(baseFile);
    await using recommender = await loadRecommender(await readFile(baseFile), { threads: 2 });
    const { interactions, profileEmbedding } = requestOf(2);
    expectClose(await recommender.score({ interactions }), await base.score(rowOf(2)));
    expect(recommender.profileWidth).toBeUndefined();
    await expect(recommender.recommend({ profileEmbedding })).rejects.toThrow(/does not read profiles/);
  });

  it("may be a model that knows users by their index", async () => {
    const tableFile = join(directory, "table.onnx");
    await using table = await trainer.open(tableRecommender(), { data });
    await table.export(tableFile);
    await using recommender = await loadRecommender(tableFile);
    expect(recommender.userIds).toEqual(data.userIds);
    expectClose(await recommender.score({ userId: "user-17" }), await table.score(rowOf(17)));
    const { interactions } = requestOf(17);
    const actual = await recommender.recommend({ userId: "user-17", interactions });
    const expected = await table.recommend({ userIndex: 17 });
    expect(actual.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    await expect(recommender.recommend({ interactions })).rejects.toThrow(
      /table has parameters for each user/,
    );
  });

  it("runs in onnxruntime-web with the same scores", async () => {
    const runtime = await import("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    await using web = await loadRecommender(file, { runtime });
    expectClose(await web.score(requestOf(9)), await served.score(requestOf(9)));
    const [here, there] = [await web.recommend(requestOf(9)), await served.recommend(requestOf(9))];
    expect(here.map(({ item }) => item)).toEqual(there.map(({ item }) => item));
  });

  it("passes the checker of the ONNX project", (context) => {
    // From Debian's package python3-onnx, which belongs to the system's own Python.
    const check = "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)";
    const python = spawnSync("/usr/bin/python3", ["-c", check, file], { encoding: "utf8" });
    if (python.error || /No module named 'onnx'/.test(python.stderr)) {
      return context.skip("python3-onnx is not installed");
    }
    expect(python.stderr).toBe("");
    expect(python.status).toBe(0);
  });

  it("is not written for data with other items than the model", async () => {
    const other = join(directory, "other.onnx");
    for (const [wrong, message] of [
      [
        { itemIds: data.itemIds.slice(1) },
        /itemIds: 89 items; expected 90 items, as mult-vae\+mddm was made/,
      ],
      [{ itemNames: ["Emma"] }, /itemNames: 1 items; expected 90 items, as/],
    ] as const) {
      const exporting = trained.export(other, { ...data, ...wrong });
      await expect(exporting).rejects.toThrow(message);
      await expect(exporting).rejects.toThrow(InvalidDataError);
    }
    await expect(readFile(other)).rejects.toThrow(/ENOENT/);
  });
});

/** A model that has a row of scores for each user. */
function tableRecommender(): Recommender {
  const random = RandomGenerator.fromSeed(1);
  const values = Float32Array.from({ length: userCount * itemCount }, () => random.normal());
  const parameters = { table: parameter([userCount, itemCount], values) };
  return {
    name: "table",
    configuration: {},
    itemCount,
    userCount,
    reads: { interactions: false, profile: false, userIndex: true },
    examples: { kind: "users" },
    parameters,
    loss: ({ table }: TensorsOf<typeof parameters>) => ({ squares: tf.mean<tf.Scalar>(tf.square(table)) }),
    scores: ({ table }: TensorsOf<typeof parameters>, { users }: UserBatch) =>
      tf.gather(table, users ?? tf.tensor1d([], "int32")),
  };
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...actual.map((score, item) => Math.abs(score - expected[item])))).toBeLessThan(1e-5);
}
