import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type InteractionMatrix, InvalidDataError, itemPopularity } from "@dmrec/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeDataset } from "../dataset/describe-dataset";
import { writeNpy } from "../formats/numpy/npy";
import { pickleProfiles } from "../formats/pickle/pickled-profiles";
import { itemsOf } from "../interactions/interaction-matrix";
import type { DataWarning } from "./data-warning";
import { loadDataset } from "./load-dataset";
import type { LoadDatasetOptions } from "./load-options";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));

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
  const data = await loadDataset(folder, { onWarning: (_, warning) => warnings.push(warning), ...options });
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
  it("may have a large catalogue, most of which its small parts leave out", async () => {
    const items = Array.from({ length: 550 }, (_, item) => item).join(" ");
    const train = Array.from({ length: 200 }, (_, user) => `${user} ${items}\n`).join("");
    await write({ "train.txt": train, "valid.txt": "0 1050000\n", "test.txt": "1 600\n" });
    expect((await load()).data.itemCount).toBe(1_050_001);
  });

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
    expect(data.profileEmbeddings?.items).toMatchObject({ rowCount: 4, columnCount: 2 });
    expect(warnings).toEqual([]);
  });

  it("may have attributes of items, to write profiles from", async () => {
    const items = [
      { id: 2, name: "C", genres: "noir, short ", text: "Quiet.", year: 1950, nested: { a: 1 } },
      { id: "0", title: "A", tags: ["x", 5, ""] },
      { id: 9, title: "unknown" },
    ];
    const expected = [
      { title: "A", tags: ["x"] },
      {},
      { title: "C", tags: ["noir", "short"], description: "Quiet.", details: { year: 1950 } },
      {},
    ];
    await write({ ...split, "item_attributes.json": JSON.stringify(items) });
    const { data, warnings } = await load();
    expect(data.itemAttributes).toEqual(expected);
    expect(warnings).toMatchObject([
      { location: "entry 2", message: expect.stringMatching(/id "9" is not in/) },
    ]);

    await rm(join(folder, "item_attributes.json"));
    await write({ "item_attributes.jsonl": items.map((item) => `${JSON.stringify(item)}\n`).join("\n") });
    expect((await load()).data.itemAttributes).toEqual(expected);
    await write({ "item_attributes.jsonl": '{"id":1}\n{"title":"B"}' });
    await expectRefusal("item_attributes.jsonl, line 2: no item; expected an object with an");
    await write({ "item_attributes.jsonl": '{"id":1' });
    await expectRefusal(/line 1: no valid JSON/);
    await write({ "item_attributes.jsonl": '{"id":77}' });
    await expectRefusal(/none of the data's items/);
    await write({ "item_attributes.json": '{"id":1}' });
    await expectRefusal(/not an array; expected an array of items/);
  });

  it("may have the profiles of RLMRec's pickles", async () => {
    const entry = (profile: string) => ({ profile, reasoning: "" });
    await write({
      ...split,
      "usr_prf.pkl": pickleProfiles(new Map([[0, entry("likes A")]])),
      "itm_prf.pkl": pickleProfiles(new Map([[2, entry("quiet")]])),
    });
    const { data, warnings } = await load();
    expect(data.itemProfiles).toEqual(["", "", "quiet", ""]);
    expect(data.userProfiles).toEqual(["likes A", "", ""]);
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

describe("a folder that is split, in part", () => {
  const { "valid.txt": _, ...twoParts } = split;
  const many = {
    ...twoParts,
    "train.txt": "0 0 1 2 4 5 6 7 8\n1 1 2 0 3 4 5 6 7\n2 3\n",
    "test.txt": "0 3\n",
  };

  it("has a seeded share of its training part held out for validation, and says so", async () => {
    await write(many);
    const { data, warnings } = await load();
    expect(describeDataset(data)).toMatchObject({ train: 13, validation: 4, test: 1 });
    expect([...itemsOf(data.train, 0), ...itemsOf(data.validation, 0)].sort()).toEqual([
      0, 1, 2, 4, 5, 6, 7, 8,
    ]);
    expect(warnings).toContainEqual({
      source: join(folder, "train.txt"),
      message: expect.stringMatching(/no validation part \(valid\.\*.*a share of 0\.25/),
      count: 4,
    });
    expect((await load()).data.validation).toEqual(data.validation);
    expect((await load({ split: { seed: 7 } })).data.validation).not.toEqual(data.validation);
    expect(describeDataset((await load({ validationShare: 0.5 })).data)).toMatchObject({
      train: 9,
      validation: 8,
    });
  });

  it("is told what it should have: the training or the test part cannot be made up", async () => {
    await write({ "train.txt": "0 1\n", "valid.txt": "0 2\n" });
    await expectRefusal(/only train\.txt and valid\.txt of the parts; expected train\.\* and test\.\*/);
  });
});

describe("a folder with something odd", () => {
  const places = (warnings: readonly DataWarning[]) =>
    warnings.map(({ source, location, count }) => [basename(source), location, count]);

  it("is loaded with a warning of files that are not read", async () => {
    await write({ ...split, "train.csv": "user,item\na,b\n" });
    const { data, warnings } = await load();
    expect(data.train.items.length).toBe(6);
    expect(warnings).toMatchObject([{ message: "not read, because train.txt is there", count: 1 }]);
  });

  it("is loaded with warnings of options that do nothing to it", async () => {
    await write(split);
    const { warnings } = await load({ kCore: 2, minimumRating: 4 });
    expect(places(warnings)).toEqual([
      ["train.txt", undefined, 1],
      ["train.txt", undefined, 6],
      ["valid.txt", undefined, 2],
      ["test.txt", undefined, 2],
    ]);
  });

  it("tells users and items that no part has from those that only held-out parts have", async () => {
    await write({ ...split, "test.txt": "0 5\n" });
    await writeEmbeddings("user_embeddings.npy", 5, 2);
    await writeEmbeddings("item_embeddings.npy", 7, 2);
    const { data, warnings } = await load();
    expect([data.userCount, data.itemCount]).toEqual([5, 7]);
    expect(warnings).toMatchObject([
      { location: "user 3", message: expect.stringMatching(/^no interactions in any part/), count: 2 },
      {
        location: "item 5",
        message: expect.stringMatching(/^no training interactions, but held-out/),
        count: 1,
      },
      { location: "item 4", message: expect.stringMatching(/^no interactions in any part/), count: 2 },
    ]);
  });

  it("is named by its identifiers, where it has some", async () => {
    await write({
      "train.csv": "user,item\nanna,tea\nanna,milk\nanna,tea\n",
      "valid.csv": "user,item\nanna,rice\n",
      "test.csv": "user,item\nanna,salt\nanna,milk\n",
    });
    const { warnings } = await load();
    expect(warnings).toContainEqual({
      source: join(folder, "train.csv"),
      location: "line 4",
      message: "user anna has item tea more than once; kept once",
      count: 1,
      leftOut: "repetitions",
    });
    expect(warnings).toContainEqual({
      source: join(folder, "test.csv"),
      location: "line 3",
      message: expect.stringMatching(/^user anna has item milk in train\.csv too/),
      count: 1,
    });
  });

  it("is reported in one line, by Node's warnings if no one listens", async () => {
    await write({ ...split, "train.txt": "0 0 0 1\n1 1 2\n2 0 3 3\n" });
    const expected = `${join(folder, "train.txt")}, line 1: user 0 has item 0 more than once; kept once (2 in all)`;
    const warned = once(process, "warning");
    await loadDataset(folder);
    const [warning] = await warned;
    expect(String(warning)).toBe(`DMRecWarning: ${expected}`);
    const messages: string[] = [];
    await loadDataset(folder, { onWarning: (message) => messages.push(message) });
    expect(messages).toEqual([expected]);
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

  it("keeps one of repeated events, and says where the first repetition and the first low rating stand", async () => {
    await write({ "ratings.csv": "user,item,rating\na,x,5\na,y,1\na,x,4\na,z,2\nb,x,5\n" });
    const { data, warnings } = await load({ minimumRating: 3 });
    expect(itemPopularity(data.train)).toEqual(Int32Array.of(2, 0, 0));
    expect(warnings.slice(0, 2)).toMatchObject([
      { location: "line 3", message: "an event rated below 3 is left out", count: 2 },
      {
        location: "line 4",
        message: expect.stringMatching(/more than once; kept once, the latest/),
        count: 1,
      },
    ]);
  });

  it("by time, is tested on what came last", async () => {
    const events = [4, 1, 5, 2, 3].map((time) => `anna,i${time},${time}`);
    await write({ "events.csv": `user,item,timestamp\n${events.join("\n")}\n` });
    const { data } = await load({ split: { by: "time" } });
    const named = (part: InteractionMatrix) => [...itemsOf(part, 0)].map((item) => data.itemIds[item]).sort();
    expect([data.train, data.validation, data.test].map(named)).toEqual([["i1", "i2", "i3"], ["i4"], ["i5"]]);
  });

  it("is left with its k-core; what is known of others is left out", async () => {
    const profiles = { "item_profiles.json": '{"x": "about x", "z": "about z"}' };
    await write({ "r.csv": "user,item\na,x\na,y\nb,x\nb,y\nc,z\n", ...profiles });
    const { data, warnings } = await load({ kCore: 2 });
    expect(data).toMatchObject({ userIds: ["a", "b"], itemIds: ["x", "y"], itemProfiles: ["about x", ""] });
    expect(warnings).toMatchObject([
      { location: 'key "z"', message: expect.stringMatching(/left out/), count: 1 },
    ]);
    await expect(load({ kCore: 3 })).rejects.toThrow(/r\.csv: no interaction is left \(3-core\)/);
  });

  it("keeps its indices where those are all it has: the k-core empties users and items", async () => {
    await write({ "interactions.txt": "0 0 1 9\n1 0 1\n2 9\n", "item_names.json": '["a", "b"]' });
    const { data } = await load({ kCore: 2, split: { ratio: [1, 0, 0] } });
    expect([data.userCount, data.itemCount]).toEqual([3, 10]);
    expect([0, 1, 2].map((user) => [...itemsOf(data.train, user)])).toEqual([[0, 1], [0, 1], []]);
  });

  it.each([
    ["tabs", "user\titem\na b\tc d\n1\t2\n"],
    ["commas", "user,item\na b,c d\n1,2\n"],
    ["spaces", 'user item\n"a b" "c d"\n1 2\n'],
  ])("may be a text file with a header, between %s", async (_, text) => {
    await write({ "interactions.txt": `\uFEFF\n${text}` });
    expect((await load()).data).toMatchObject({ userIds: ["a b", "1"], itemIds: ["c d", "2"] });
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

  it("may be compressed, or a table without a header", async () => {
    await write({ "events.csv.gz": gzipSync("user,item\na,x\na,y\nb,x\n") });
    expect((await load()).data).toMatchObject({ userIds: ["a", "b"], itemIds: ["x", "y"] });
    await rm(join(folder, "events.csv.gz"));
    await write({
      "ratings_Books.csv": "A1,0031,4.0,1369699200\nA2,0031,5.0,1369699201\nA2,0032,3.0,1369699202\n",
    });
    const { data } = await load({ minimumRating: 4 });
    expect(data).toMatchObject({ userIds: ["A1", "A2"], itemIds: ["0031", "0032"] });
  });

  it("is found by its columns beside other tables, or by the option interactions", async () => {
    await write({
      "BX-Book-Ratings.csv": '"User-ID";"ISBN";"Book-Rating"\n"7";"034";"5"\n"8";"034";"0"\n',
      "BX-Books.csv": '"ISBN";"Book-Title"\n"034";"Flu; a story"\n',
    });
    expect((await load()).data).toMatchObject({ userIds: ["7", "8"], itemIds: ["034"] });
    await write({
      "user_taggedbooks.dat": "userID\tisbn\ttagID\n7\t034\t1\n",
      "BX-Book-Ratings.csv.md5": "0",
    });
    expect((await load()).data).toMatchObject({ userIds: ["7", "8"], itemIds: ["034"] });
    await write({ "lists.csv": "user,item\n9,1\n9,2\n", "more.csv": "user,item\n9,1\n9,3\n" });
    await rm(join(folder, "BX-Book-Ratings.csv"));
    await expectRefusal(/lists\.csv and more\.csv have columns for a user and an item; expected one of them/);
    expect((await load({ interactions: "more.csv" })).data.itemIds).toEqual(["1", "3"]);
    await expect(load({ interactions: "less.csv" })).rejects.toThrow(/no file "less\.csv"; expected one of/);
  });

  it("leaves out lines that are not valid, if it is asked to", async () => {
    await write({ "events.csv": "user,item\na,x\na,b,c\na,\nb,x\n" });
    await expectRefusal(/events\.csv, line 3: 3 fields; expected 2/);
    await expect(load()).rejects.toThrow(
      /line \d: .*; expected .*, or the option onInvalidLine: "skip" \(--invalid-lines skip\) to leave such lines out$/,
    );
    const { data, warnings } = await load({ onInvalidLine: "skip" });
    expect(describeDataset(data)).toMatchObject({ users: 2, items: 1 });
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/not valid.*line 3: 3 fields/), count: 2 }),
    );
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
    await expectRefusal(/item_embeddings\.npy: no row is known to belong to item "x"/, /item_ids\.json/);
  });
});

describe("names of items", () => {
  it.each([
    ["items.csv", 'ID,year,Title\n1,1999,"B, or C"\n0,2001,A\n\n3,,\n'],
    ["items.json", '[{"id": 1, "title": "B, or C"}, {"id": "0", "name": "A"}]'],
    ["item_names.json", '\uFEFF{"1": "B, or C", "0": "A"}'],
    ["item_names.txt", "A\r\nB, or C\r\n\r\n\r\n"],
  ])("may come from %s", async (name, text) => {
    await write({ ...split, [name]: text });
    expect((await load()).data.itemNames).toEqual(["A", "B, or C", "", ""]);
  });

  it.each([
    ["items.csv", "id,name\n1\n", /items\.csv, line 2: 1 field; expected 2, as in the header/],
    ["items.csv", "id,name\n1,B, or C\n", /items\.csv, line 2: 3 fields; expected 2, as in the header/],
    ["items.csv", 'id,name\n1,"A\n', /items\.csv, line 2: a quote is left open/],
    ["items.json", "3", /items\.json: JSON of another form; expected an array of texts/],
    ["item_names.txt", "A\nB\nC\nD\nE\n", /item_names\.txt: 5 texts; expected at most 4/],
  ])("are refused in %s: %j", async (name, text, message) => {
    await write({ ...split, [name]: text });
    await expectRefusal(message);
  });

  it("may be fewer than the items, with a warning", async () => {
    await write({ ...split, "item_names.json": '["A", "B"]' });
    const { data, warnings } = await load();
    expect(data.itemNames).toEqual(["A", "B", "", ""]);
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: "2 texts for 4 indices; index 2 and those after it have none" }),
    );
  });

  it("are refused where they are a folder", async () => {
    await write(split);
    await mkdir(join(folder, "item_names.json"));
    await expectRefusal(/item_names\.json: cannot be read \(EISDIR/);
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

  it.each([
    [
      "a user in training",
      { "train.txt": "0 0 1\n5 1\n" },
      /train\.txt, line 2: user 5; expected a user below 3/,
    ],
    [
      "an item in validation",
      { "valid.txt": "0 2\n1 4\n" },
      /valid\.txt, line 2: item 4; expected an item below 4/,
    ],
    ["a user in test", { "test.txt": "0 3\n3 1\n" }, /test\.txt, line 2: user 3; expected a user below 3/],
  ])("%s beyond the embeddings", async (_, files, message) => {
    await write({ ...split, ...files });
    await writeEmbeddings("user_embeddings.npy", 3, 2);
    await writeEmbeddings("item_embeddings.npy", 4, 2);
    await expectRefusal(message);
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
    await expectRefusal(/no embeddings of users beside .*item_embeddings\.npy/, /user_embeddings\.npy/);
  });

  it("a missing part, a folder without interactions, no folder", async () => {
    await expectRefusal(
      /no interactions \(the folder is empty\); expected a table with columns .*train\.\* and test\.\*.*ratings\.\*/,
    );
    await symlink(join(folder, "gone"), join(folder, "a-link"));
    await mkdir(join(folder, ".git"));
    await mkdir(join(folder, "books"));
    await expectRefusal(
      /no interactions among \.git, a-link, books; .*, or the folder that has one by its own name, .*books$/,
    );
    await write({ "shop.duckdb": "" });
    await expectRefusal(
      /no interactions among .*shop\.duckdb; .* or the database by its own name, .*--data .*shop\.duckdb --interactions TABLE/,
    );
    await rm(join(folder, "shop.duckdb"));
    await write({ "shop.sqlite": "SQLite format 3" });
    await expectRefusal(
      /export of shop\.sqlite, an SQLite database: sqlite3 -header -csv .*shop\.sqlite "SELECT/,
    );
    await write({ "train.txt": "0 1\n" });
    await expectRefusal(/only train\.txt of the parts; expected train\.\* and test\.\*/);
    await expect(loadDataset(join(folder, "absent"))).rejects.toThrow(/absent: there is no such folder/);
  });

  it("identifiers in an adjacency list, whose indices would fill the memory", async () => {
    await write({ ...split, "valid.txt": "0 2\n1 900000000\n" });
    await expectRefusal(
      /valid\.txt, line 2: item 900000000 among 10 interactions; expected indices, .*such as interactions\.csv/,
    );
  });

  it("a list of identifiers shorter than the indices", async () => {
    await write({ ...split, "item_ids.json": '["x", "y"]' });
    await expectRefusal(/item_ids\.json: 2 identifiers; expected 4/);
    await write({ "valid.txt": "1 2000000000\n" });
    await expectRefusal(/item_ids\.json: 2 identifiers; expected 2000000001/);
  });

  it("a list that gives two rows one identifier", async () => {
    await write({ ...split, "item_ids.json": '["x", "y", "x", "z"]' });
    await expectRefusal(/item_ids\.json, entry 2: "x", as in entry 0; expected distinct identifiers/);
  });

  it("a split by time of interactions without times", async () => {
    await write({ "events.csv": "user,item\na,x\n" });
    await expect(load({ split: { by: "time" } })).rejects.toThrow(/a split by time, but no times/);
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
    await expect(load({ validationShare: 1 })).rejects.toThrow(/loadDataset: validationShare/);
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
    expect(data.profileEmbeddings?.users).toMatchObject({ rowCount: 1859, columnCount: 256 });
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
    expect(data.profileEmbeddings).toBeUndefined();
  });
});
