import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { multVae } from "@dmrec/base-models";
import { type ExportPrecision, exportPrecisions, type SplitDataset } from "@dmrec/core";
import { itemsOf, loadDataset } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender, type ServingRequest } from "./index";

const folder = resolve(process.env.DMREC_DATA_DIR ?? "../shared/data", "lastfm");
const timeout = 600_000;

interface Ranking {
  readonly user: number;
  readonly items: readonly number[];
}

describe.skipIf(!existsSync(folder))(`DMRec-M after 5 epochs on ${folder}, from files in fewer bits`, () => {
  let directory: string;
  let data: SplitDataset;
  /** Those of the float32 file, which the others are compared with. */
  let whole: readonly Ranking[] | undefined;
  const fileOf = (precision: ExportPrecision) => join(directory, `${precision}.onnx`);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "dmrec-precision-"));
    data = await loadDataset(folder, { onWarning: () => {} });
    const { itemCount, profileEmbeddings } = data;
    const trainer = await createTrainer({ epochs: 5, evaluation: { interval: 5 } });
    const strategy = mddm({ beta: 0.5 });
    const recommender = withMatching(multVae({ itemCount }), { profileEmbeddings, strategy });
    await using model = await trainer.fit(recommender, data);
    for (const precision of exportPrecisions) await model.export(fileOf(precision), data, { precision });
  }, timeout);
  afterAll(() => rm(directory, { recursive: true }));

  function requestOf(user: number): ServingRequest {
    const { columnCount = 0, values } = data.profileEmbeddings?.users ?? {};
    return {
      interactions: [...itemsOf(data.train, user)].map((item) => data.itemIds[item]),
      profileEmbedding: values?.subarray(user * columnCount, (user + 1) * columnCount),
      count: 20,
    };
  }

  /** The 20 best items of every user with items in the test part. */
  async function rankings(precision: ExportPrecision): Promise<readonly Ranking[]> {
    await using recommender = await loadRecommender(fileOf(precision));
    const users = Array.from(data.userIds.keys()).filter((user) => itemsOf(data.test, user).length > 0);
    const lists = await recommender.recommendAll(users.map(requestOf));
    return lists.map((list, index) => ({ user: users[index], items: list.map(({ item }) => item) }));
  }

  const recall = (lists: readonly Ranking[]) =>
    mean(lists.map(({ user, items }) => shareIn(itemsOf(data.test, user), items)));

  it("are half and a quarter as large", async () => {
    const [whole, half, quarter] = await Promise.all(
      exportPrecisions.map(async (precision) => (await stat(fileOf(precision))).size),
    );
    expect(half / whole).toBeCloseTo(1 / 2, 1);
    expect(quarter / whole).toBeCloseTo(1 / 4, 1);
  });

  it.each([
    ["float16", 0.002, 0.999, 0.95],
    ["int8", 0.01, 0.99, 0.85],
  ] as const)("recommend alike, %s", async (precision, recallDifference, sharedItems, sameUsers) => {
    whole ??= await rankings("float32");
    const [expected, actual] = [whole, await rankings(precision)];
    expect(Math.abs(recall(actual) / recall(expected) - 1)).toBeLessThan(recallDifference);
    const shares = actual.map(({ items }, index) => shareIn(expected[index].items, items));
    expect(mean(shares)).toBeGreaterThan(sharedItems);
    expect(mean(shares.map((share) => Number(share === 1)))).toBeGreaterThan(sameUsers);
  });

  it.each(exportPrecisions)("run in onnxruntime-web with the same scores, %s", async (precision) => {
    const runtime = await import("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    await using native = await loadRecommender(fileOf(precision));
    await using web = await loadRecommender(fileOf(precision), { runtime });
    const { count: _, ...audience } = requestOf(3);
    const [expected, actual] = [await native.score(audience), await web.score(audience)];
    for (const [item, score] of actual.entries()) expect(Math.abs(score - expected[item])).toBeLessThan(1e-4);
  });
});

/** The share of some items that a list has. */
function shareIn(items: Int32Array | readonly number[], list: readonly number[]): number {
  const listed = new Set(list);
  return mean(Array.from(items, (item) => Number(listed.has(item))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
