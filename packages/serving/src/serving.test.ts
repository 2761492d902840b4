import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { DMRecError, InvalidDataError, type Recommender } from "@dmrec/core";
import { gatherRows, syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer, exportOnnx, type ModelTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import * as onnx from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRecommender, type OnnxRecommender } from "./index";

const data = {
  ...syntheticCatalogue({ users: 120, items: 90, embeddingWidth: 16, seed: 5 }),
  itemIds: Array.from({ length: 90 }, (_, item) => `item-${item}`),
};
const { itemCount, language } = data;
const sizes = { hiddenDimension: 24, latentDimension: 8 };

let directory: string;
let trainer: ModelTrainer;
let matched: Recommender;
let served: OnnxRecommender;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-serving-"));
  file = join(directory, "model.onnx");
  trainer = await createTrainer({ epochs: 4, batchSize: 64 });
  matched = withMatching(multVae({ itemCount, ...sizes, inputScaling: "unit-length" }), {
    language,
    strategy: mddm({ beta: 0.5 }),
    hiddenDimension: 24,
  });
  await trainer.fit(matched, data);
  await exportOnnx(matched, file, data);
  served = await createRecommender(file);
});
afterAll(async () => {
  await served.release();
  await rm(directory, { recursive: true });
});

/** What a request says of a user of the data. */
const requestOf = (user: number) => ({
  interactions: itemsOf(user).map((item) => data.itemIds[item]),
  profileEmbedding: language?.users.values.slice(user * 16, (user + 1) * 16) ?? [],
});
const itemsOf = (user: number) => [
  ...data.train.items.subarray(data.train.offsets[user], data.train.offsets[user + 1]),
];

describe("an exported recommender", () => {
  it("gives the trainer's scores", async () => {
    for (const user of [0, 7, 119]) {
      const expected = await trainer.scores(matched, gatherRows(data.train, Int32Array.of(user)));
      const actual = await served.scores(requestOf(user));
      expected.forEach((score, item) => {
        expect(Math.abs(actual[item] - score)).toBeLessThan(1e-5);
      });
    }
  });

  it("recommends the best items that are neither known nor excluded, and says what it recommends", async () => {
    const request = requestOf(3);
    const scores = await served.scores(request);
    const exclude = ["item-0", "item-1"];
    const hidden = new Set([...request.interactions, ...exclude]);
    const expected = [...scores.keys()]
      .filter((item) => !hidden.has(data.itemIds[item]))
      .sort((a, b) => scores[b] - scores[a]);
    const recommendations = await served.recommend({ ...request, exclude, k: 7 });
    expect(recommendations.map(({ item }) => item)).toEqual(expected.slice(0, 7));
    expect(recommendations[0]).toMatchObject({
      itemId: data.itemIds[expected[0]],
      name: data.itemNames?.[expected[0]] ?? data.itemIds[expected[0]],
    });
    // Everything that is left, and nothing else, however many are asked for.
    const all = await served.recommend({ ...request, exclude, k: 1000 });
    expect(all.map(({ item }) => item)).toEqual(expected);
  });

  it("answers many as it answers each, whatever their number of interactions", async () => {
    const requests = Array.from({ length: 120 }, (_, user) => ({ ...requestOf(user), k: 1 + (user % 9) }));
    const many = await served.recommendAll(requests);
    for (const user of [0, 1, 50, 119]) {
      const one = await served.recommend(requests[user]);
      expect(many[user].map(({ item }) => item)).toEqual(one.map(({ item }) => item));
      expect(many[user]).toHaveLength(1 + (user % 9));
    }
    expect(await served.recommendAll([])).toEqual([]);
  });

  it("answers many right where few of them exclude much, in inputs of a bounded size", async () => {
    const sizes: number[] = [];
    const recommender = await createRecommender(file, {
      runtime: {
        Tensor: onnx.Tensor,
        InferenceSession: {
          async create(model, options) {
            const session = await onnx.InferenceSession.create(model, options);
            const run = session.run.bind(session);
            session.run = (feeds: onnx.InferenceSession.FeedsType, ...rest: []) => {
              sizes.push(feeds.items.size, feeds.excluded.size);
              return run(feeds, ...rest);
            };
            return session;
          },
        },
      },
    });
    const requests = Array.from({ length: 120 }, (_, user) => ({
      ...requestOf(user),
      exclude: data.itemIds.slice(0, user % 40 === 7 ? 80 : user % 3),
    }));
    const many = await recommender.recommendAll(requests);
    for (const user of [0, 7, 8, 47, 119]) {
      const one = await served.recommend(requests[user]);
      expect(many[user].map(({ item }) => item)).toEqual(one.map(({ item }) => item));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    await recommender.release();
  });

  it("knows somebody by a text alone, and by items alone", async () => {
    const { profileEmbedding, interactions } = requestOf(5);
    const rows = (items: number[], profile: ArrayLike<number>) => ({
      itemCount,
      users: Int32Array.of(0),
      rows: new Int32Array(items.length),
      items: Int32Array.from(items),
      weights: new Float32Array(items.length).fill(1),
      profiles: { rowCount: 1, columnCount: 16, values: Float32Array.from(profile) },
    });
    const byText = await trainer.scores(matched, rows([], profileEmbedding));
    expect(closest(await served.scores({ profileEmbedding }), byText)).toBeLessThan(1e-5);
    const byItems = await trainer.scores(matched, rows(itemsOf(5), new Float32Array(16)));
    expect(closest(await served.scores({ interactions }), byItems)).toBeLessThan(1e-5);
    expect(await served.recommend({ profileEmbedding })).toHaveLength(10);
  });

  it("serves a model without profiles too", async () => {
    const base = multVae({ itemCount, ...sizes });
    const baseFile = join(directory, "base.onnx");
    await exportOnnx(base, baseFile, data);
    const recommender = await createRecommender(await readFile(baseFile), { threads: 2 });
    const expected = await trainer.scores(base, gatherRows(data.train, Int32Array.of(2)));
    const { interactions, profileEmbedding } = requestOf(2);
    expect(closest(await recommender.scores({ interactions }), expected)).toBeLessThan(1e-5);
    expect(recommender.profileWidth).toBeUndefined();
    await expect(recommender.recommend({ profileEmbedding })).rejects.toThrow(/reads interactions alone/);
    await recommender.release();
  });

  it("runs in onnxruntime-web with the same scores", async () => {
    const runtime = await import("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    const recommender = await createRecommender(file, { runtime });
    expect(closest(await recommender.scores(requestOf(9)), await served.scores(requestOf(9)))).toBeLessThan(
      1e-5,
    );
    const [web, node] = [await recommender.recommend(requestOf(9)), await served.recommend(requestOf(9))];
    expect(web.map(({ item }) => item)).toEqual(node.map(({ item }) => item));
  });

  it("passes the checker of the ONNX project", (context) => {
    // Of Debian's package python3-onnx, which belongs to the system's own Python.
    const check = "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)";
    const python = spawnSync("/usr/bin/python3", ["-c", check, file], { encoding: "utf8" });
    if (python.error || /No module named 'onnx'/.test(python.stderr)) {
      return context.skip("python3-onnx is not installed");
    }
    expect(python.stderr).toBe("");
    expect(python.status).toBe(0);
  });
});

describe("wrong input", () => {
  it.each([
    [{ interactions: ["nothing"] }, /request 0: item "nothing"; expected one of the items/],
    [{ exclude: ["nothing"] }, /item "nothing"/],
    [{ interactions: [{ itemId: "item-1", weight: Number.NaN }] }, /item "item-1": weight NaN/],
    [{ profileEmbedding: [1, 2] }, /a profile embedding of 2 numbers; expected 16 finite numbers/],
    [{ profileEmbedding: new Float32Array(16).fill(Number.NaN) }, /expected 16 finite numbers/],
    [{ k: 0 }, /k = 0; expected a whole number above 0/],
  ])("is refused with its place: %j", async (request, message) => {
    await expect(served.recommend(request)).rejects.toThrow(InvalidDataError);
    await expect(served.recommend(request)).rejects.toThrow(message);
  });

  it("is an identifier that is no string, as programs without types may give", async () => {
    const numbers: string[] = JSON.parse("[3]");
    for (const request of [
      { interactions: numbers },
      { exclude: numbers },
      { interactions: numbers.map((itemId) => ({ itemId, weight: 1 })) },
    ]) {
      await expect(served.recommend(request)).rejects.toThrow(InvalidDataError);
      await expect(served.recommend(request)).rejects.toThrow(/request 0: item 3; expected .* is a string/);
    }
  });

  it("is a request with keys that there are none of, or a profile that is no array", async () => {
    const misspelt = Object.assign(requestOf(1), { profile: [1] });
    await expect(served.recommend(misspelt)).rejects.toThrow(InvalidDataError);
    await expect(served.recommend(misspelt)).rejects.toThrow(
      /request 0: the key "profile"; expected interactions/,
    );
    const told = { profileEmbedding: JSON.parse('"a reader"') };
    await expect(served.recommend(told)).rejects.toThrow(
      /a profile embedding that is a string; expected a Float/,
    );
  });

  it("is a request after the release, which may be told twice", async () => {
    const released = await createRecommender(file);
    await released.release();
    await released.release();
    for (const asking of [released.recommend(requestOf(1)), released.scores(requestOf(1))]) {
      const error: unknown = await asking.catch((error: unknown) => error);
      expect(DMRecError.isInstance(error, "unsupported")).toBe(true);
      expect(error).toHaveProperty("message", expect.stringMatching(/this recommender is released/));
    }
  });

  it("is refused as a file: absent, empty, truncated, or of another kind", async () => {
    await expect(createRecommender(join(directory, "absent.onnx"))).rejects.toThrow(/absent\.onnx: ENOENT/);
    await expect(createRecommender(new Uint8Array())).rejects.toThrow(/an empty file/);
    const bytes = await readFile(file);
    await expect(createRecommender(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(InvalidDataError);
    const text = join(directory, "text.onnx");
    await writeFile(text, "not a model");
    await expect(createRecommender(text)).rejects.toThrow(InvalidDataError);
  });

  it("is refused as a file that names other items than it scores", async () => {
    const bytes = await readFile(file);
    const last = Buffer.from(',"item-89"');
    bytes.fill(" ", bytes.indexOf(last), bytes.indexOf(last) + last.length);
    await expect(createRecommender(bytes)).rejects.toThrow(
      /the model: identifiers of 89 items; expected of 90, as many as the model scores/,
    );
  });

  it("is data of other items than a recommender was made for, which is not exported", async () => {
    const other = join(directory, "other.onnx");
    for (const [wrong, message] of [
      [
        { itemIds: data.itemIds.slice(1) },
        /itemIds: 89 items; expected 90 items, as mult-vae\+mddm was made/,
      ],
      [{ itemNames: ["Emma"] }, /itemNames: 1 items; expected 90 items, as/],
    ] as const) {
      const exporting = exportOnnx(matched, other, { ...data, ...wrong });
      await expect(exporting).rejects.toThrow(message);
      await expect(exporting).rejects.toThrow(InvalidDataError);
    }
    await expect(readFile(other)).rejects.toThrow(/ENOENT/);
  });

  it("is a model that needs its users' rows of a table", async () => {
    const table = tf.randomNormal([data.userCount, itemCount], 0, 1, "float32", 1);
    const byTable: Recommender = {
      name: "by-table",
      configuration: {},
      variables: {},
      itemCount,
      loss: () => ({}),
      scores: ({ users }) => tf.gather(table as tf.Tensor2D, users),
      dispose: () => table.dispose(),
    };
    const exporting = exportOnnx(byTable, join(directory, "table.onnx"), data);
    await expect(exporting).rejects.toThrow(/reads "users", which the exported model does not have/);
    expect(DMRecError.isInstance(await exporting.catch((error: unknown) => error), "unsupported")).toBe(true);
    byTable.dispose();
  });
});

function closest(actual: Float32Array, expected: Float32Array): number {
  return Math.max(...actual.map((score, item) => Math.abs(score - expected[item])));
}
