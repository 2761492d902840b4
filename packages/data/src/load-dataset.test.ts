import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataWarning } from "./data-warning";
import { describeDataset } from "./describe-dataset";
import { writeNpy } from "./formats/npy";
import { itemsOf } from "./interaction-matrix";
import { type LoadDatasetOptions, loadDataset } from "./load-dataset";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (files: Readonly<Record<string, string>>) =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));

const writeEmbeddings = async (
  name: string,
  rowCount: number,
  columnCount: number,
  change?: (values: Float32Array) => void,
) => {
  const values = new Float32Array(rowCount * columnCount).fill(0.5);
  change?.(values);
  await writeNpy(join(folder, name), { rowCount, columnCount, values });
};

async function load(options: LoadDatasetOptions = {}) {
  const warnings: DataWarning[] = [];
  const data = await loadDataset(folder, { onWarning: (warning) => warnings.push(warning), ...options });
  return { data, warnings };
}

/** Three users, four items. */
const split = { "train.txt": "0 0 1\n1 1 2\n2 0 3\n", "valid.txt": "0 2\n1 3\n", "test.txt": "0 3\n2 1\n" };

async function expectRefusal(...parts: readonly (string | RegExp)[]): Promise<void> {
  const failure: unknown = await load().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InvalidDataError);
  for (const part of parts) expect(String(failure)).toMatch(part);
}

describe("a folder that is split", () => {
  it("is read with its embeddings, names and profiles", async () => {
    await write({
      ...split,
      "item_names.json": '["A", "B", "C", "D"]',
      "item_profiles.json": '[{"id": 2, "profile": "quiet"}]',
      "user_profiles.json": '{"0": "likes A"}',
    });
    await writeEmbeddings("user_embeddings.npy", 3, 2);
    await writeEmbeddings("item_embeddings.npy", 4, 2);
    const { data, warnings } = await load();
    expect(describeDataset(data)).toMatchObject({ users: 3, items: 4, train: 6, validation: 2, test: 2 });
    expect([...itemsOf(data.train, 2)]).toEqual([0, 3]);
    expect(data.itemNames).toEqual(["A", "B", "C", "D"]);
    expect(data.itemProfiles).toEqual(["", "", "quiet", ""]);
    expect(data.userProfiles).toEqual(["likes A", "", ""]);
    expect(data.language?.items).toMatchObject({ rowCount: 4, columnCount: 2 });
    expect(warnings).toEqual([]);
  });

  it("may be tables with identifiers", async () => {
    await write({
      "train.csv": 'user,item\nanna,"tea, green"\nbert,milk\n',
      "valid.csv": "user,item\nanna,milk\n",
      "test.csv": 'user,item\nbert,"tea, green"\n',
    });
    const { data } = await load();
    expect(data.userIds).toEqual(["anna", "bert"]);
    expect(data.itemIds).toEqual(["tea, green", "milk"]);
    expect([...itemsOf(data.test, 1)]).toEqual([0]);
  });

  it("tells of duplicates, users without training items, and items in training and test alike", async () => {
    await write({ ...split, "train.txt": "0 0 1 1\n1 1 2\n", "test.txt": "0 1\n2 1\n" });
    const { data, warnings } = await load();
    expect(data.train.items.length).toBe(4);
    const texts = warnings.map(
      ({ source, location, message, count }) =>
        `${source.replace(`${folder}/`, "")} ${location}: ${message} ×${count}`,
    );
    expect(texts).toContainEqual("train.txt line 1: user 0 has item 1 more than once; kept once ×1");
    expect(texts).toContainEqual(
      expect.stringMatching(/^train\.txt user 2: no training interactions, but held-out ones.* ×1$/),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^test\.txt line 1: user 0 has item 1 in train\.txt too.* ×1$/),
    );
  });
});

describe("a folder that is not split", () => {
  const rows = Array.from(
    { length: 40 },
    (_, event) => `u${event % 4},i${(event * 7) % 11},${1 + (event % 5)},${event}`,
  );
  const table = `user,item,rating,timestamp\n${rows.join("\n")}\n`;

  it("is filtered and split 3:1:1 for each user", async () => {
    await write({ "ratings.csv": table });
    const { data, warnings } = await load({ minimumRating: 3, kCore: 2 });
    expect(data.userCount).toBe(4);
    const { train, validation, test } = describeDataset(data);
    expect(train).toBeGreaterThan(2 * validation);
    expect(validation).toBeGreaterThan(0);
    expect(test).toBeGreaterThan(0);
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: "an event rated below 3 is left out", count: 16 }),
    );
  });

  it("counts every rating where there is no threshold, and says so", async () => {
    await write({ "ratings.csv": table });
    const { data, warnings } = await load();
    const { train, validation, test } = describeDataset(data);
    expect(train + validation + test).toBe(40);
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/every one counts/) }),
    );
  });

  it("may be JSON lines, a RecBole file or an adjacency list", async () => {
    await write({
      "events.jsonl": '{"user": 1, "item": "x"}\n{"user": 2, "item": "y"}\n{"user": 1, "item": "y"}\n',
    });
    expect((await load()).data).toMatchObject({ userIds: ["1", "2"], itemIds: ["x", "y"] });
    await rm(join(folder, "events.jsonl"));
    await write({ "ml.inter": "user_id:token\titem_id:token\n5\t7\n5\t8\n6\t8\n" });
    expect((await load()).data).toMatchObject({ userIds: ["5", "6"], itemIds: ["7", "8"] });
    await rm(join(folder, "ml.inter"));
    await write({ "interactions.txt": "0 0 1 2 3 4\n1 4\n" });
    const { data } = await load();
    expect([
      data.userCount,
      data.itemCount,
      itemsOf(data.train, 0).length,
      itemsOf(data.train, 1).length,
    ]).toEqual([2, 5, 3, 1]);
  });

  it("takes embeddings for identifiers in the order of a list", async () => {
    await write({
      "events.csv": "user,item\nanna,x\nbert,y\nanna,y\n",
      "user_ids.json": '["bert", "anna"]',
      "item_ids.json": '["x", "y", "z"]',
    });
    await writeEmbeddings("user_embeddings.npy", 2, 2);
    await writeEmbeddings("item_embeddings.npy", 3, 2);
    expect((await load()).data).toMatchObject({ userIds: ["bert", "anna"], itemIds: ["x", "y", "z"] });
    await rm(join(folder, "item_ids.json"));
    await expectRefusal(/item_embeddings\.npy: no row is known to be the one of item "x"/, /item_ids\.json/);
  });
});

describe("a folder that cannot be used is refused:", () => {
  it("an empty file", async () => {
    await write({ ...split, "valid.txt": "" });
    await expectRefusal(/valid\.txt: is empty; expected a line a user/);
  });

  it("a word where a number belongs", async () => {
    await write({ ...split, "train.txt": "0 1\n1 two\n" });
    await expectRefusal(/train\.txt, line 2: "two"; expected an index/);
  });

  it("an item beyond the embeddings", async () => {
    await write({ ...split, "train.txt": "0 0 1\n1 1 4\n" });
    await writeEmbeddings("user_embeddings.npy", 3, 2);
    await writeEmbeddings("item_embeddings.npy", 4, 2);
    await expectRefusal(/train\.txt, line 2: item 4; expected an item below 4/, /item_embeddings\.npy/);
  });

  it("NaN in embeddings", async () => {
    await write(split);
    await writeEmbeddings("user_embeddings.npy", 3, 2);
    await writeEmbeddings("item_embeddings.npy", 4, 2, (values) => {
      values[5] = Number.NaN;
    });
    await expectRefusal(/item_embeddings\.npy, row 2, column 1: NaN; expected a finite number/);
  });

  it("embeddings of another width for users than for items", async () => {
    await write(split);
    await writeEmbeddings("user_embeddings.npy", 3, 2);
    await writeEmbeddings("item_embeddings.npy", 4, 3);
    await expectRefusal(
      /user_embeddings\.npy: embeddings 2 wide; expected 3, the width of .*item_embeddings\.npy/,
    );
  });

  it("embeddings of one side alone", async () => {
    await write(split);
    await writeEmbeddings("item_embeddings.npy", 4, 3);
    await expectRefusal(/embeddings of items alone/, /user_embeddings\.npy/);
  });

  it("a missing part, a folder without interactions, no folder", async () => {
    await expectRefusal(/no interactions \(0 files\); expected train\.\* and test\.\*.*ratings\.\*/);
    await write({ "train.txt": "0 1\n" });
    await expectRefusal(/only train\.txt of the parts; expected train\.\* and test\.\*/);
    await expect(loadDataset(join(folder, "absent"))).rejects.toThrow(/absent: cannot be read \(ENOENT/);
  });

  it("a list of identifiers shorter than the indices", async () => {
    await write({ ...split, "item_ids.json": '["x", "y"]' });
    await expectRefusal(/item_ids\.json: 2 identifiers; expected 4/);
  });

  it("indices beside identifiers", async () => {
    await write({ "train.txt": "0 1\n", "valid.csv": "user,item\na,b\n", "test.txt": "0 2\n" });
    await expectRefusal(/train\.txt: indices beside the identifiers of .*valid\.csv/);
  });

  it("names or profiles of other identifiers", async () => {
    await write({ ...split, "item_profiles.json": '[{"id": 9, "profile": "x"}]' });
    await expectRefusal(/item_profiles\.json, entry 0: id "9"/);
    await write({ "item_profiles.json": '{"a": 1' });
    await expectRefusal(/item_profiles\.json: no valid JSON/);
  });

  it("options out of range", async () => {
    await write(split);
    await expect(load({ kCore: -1 })).rejects.toThrow(/loadDataset: kCore/);
  });
});

const shared = resolve(process.env.DMREC_DATA_DIR ?? "../shared/data");
describe.skipIf(!existsSync(shared))(`real data (skipped where ${shared} is absent)`, () => {
  it("lastfm: adjacency lists with embeddings and profiles", async () => {
    const data = await loadDataset(join(shared, "lastfm"), { onWarning: () => {} });
    expect(describeDataset(data)).toMatchObject({
      users: 1859,
      items: 2813,
      train: 43897,
      validation: 13889,
      test: 13508,
    });
    expect(data.language?.users).toMatchObject({ rowCount: 1859, columnCount: 256 });
    expect(data.itemProfiles?.[0]).toMatch(/^Duran Duran/);
  });

  it("amazon-book: pickled matrices", async () => {
    const data = await loadDataset(join(shared, "amazon-book"), { onWarning: () => {} });
    expect(describeDataset(data)).toMatchObject({
      users: 11000,
      items: 9332,
      train: 120464,
      validation: 40290,
      test: 40106,
    });
    expect(data.language).toBeUndefined();
  });
});
