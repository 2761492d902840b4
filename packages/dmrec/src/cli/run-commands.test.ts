import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTfIdfEncoder } from "@dmrec/encoders";
import { loadRecommender } from "@dmrec/serving";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultZoo } from "../zoo/default-zoo";
import { commandNames, createProgram } from "./program";
import {
  fewSteps,
  folderItems,
  folderUsers,
  quickTraining,
  runCommandLine,
  writeColumns,
  writeFolder,
} from "./testing/run-command";

let folder: string;
let data: string;
/** Runs of a matched model and of its base model on the same data. */
let matched: string;
let base: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-runs-"));
  data = join(folder, "data");
  await writeFolder(data);
  await writeColumns(data);
  [matched, base] = [join(folder, "matched"), join(folder, "base")];
  const train = (out: string, matching: string) =>
    runCommandLine("train", "--data", data, "--out", out, "--matching", matching, ...quickTraining);
  expect((await train(matched, "mddm")).stderr).toBe("");
  expect((await train(base, "none")).stderr).toBe("");
});
afterAll(() => rm(folder, { recursive: true }));

type UserItem = { readonly itemId: string; readonly name: string; readonly score: number };

const json = async (...args: readonly string[]) =>
  JSON.parse((await runCommandLine(...args, "--json")).stdout);

describe("dmrec evaluate", () => {
  it("measures a run as its training did, by groups whose users add up", async () => {
    const { test } = await json(
      "train",
      "--data",
      data,
      "--out",
      matched,
      "--matching",
      "mddm",
      ...quickTraining,
    );
    const result = await json("evaluate", matched, "--groups", "3");
    expect(result).toMatchObject({ run: matched, model: "mult-vae+mddm", part: "test", metrics: test });
    const sum = result.groups.reduce((total: number, { users }: { users: number }) => total + users, 0);
    expect(sum).toBe(result.users);
  });

  it("compares with another run: a difference, and certainty of none with itself", async () => {
    const { comparison } = await json("evaluate", matched, "--against", base, "--cutoffs", "5,10");
    expect(comparison.map(({ metric }: { metric: string }) => metric)).toContain("recall@5");
    for (const { first, second, difference, pValue } of comparison) {
      expect(difference).toBeCloseTo(first - second, 12);
      expect(pValue).toBeGreaterThanOrEqual(0);
    }
    const { comparison: own } = await json("evaluate", base, "--against", base);
    for (const { difference, pValue } of own) expect([difference, pValue]).toEqual([0, 1]);
  });

  it("shows a table of all users and groups, and one of the comparison", async () => {
    const { stdout, stderr, status } = await runCommandLine("evaluate", matched, "--against", base);
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/mult-vae\+mddm on the test part, \d+ users:/);
    expect(stdout).toMatch(/│ recall@20 │ 0\.\d{4} +│ 0\.\d{4}/);
    expect(stdout).toMatch(/Against mult-vae of .*base:\n.*\n.*p \(Holm\)/);
  });

  it("reports a second run that is none before anything is measured", async () => {
    const { stdout, stderr, status } = await runCommandLine("evaluate", base, "--against", "nowhere");
    expect(stderr).toMatch(/nowhere: is no run; make one with/);
    expect([stdout, status]).toEqual(["", 1]);
  });

  it("refuses to compare runs on data that is split otherwise", async () => {
    const other = join(folder, "other-split");
    const flags = ["--base", "popularity", "--seed", "7"];
    await runCommandLine("train", "--data", data, "--out", other, ...flags);
    const { stderr, status } = await runCommandLine("evaluate", matched, "--against", other);
    expect(stderr).toMatch(/expected two runs on the same data, split by the same flags and the same seed/);
    expect(status).toBe(1);
  });
});

describe("dmrec recommend", () => {
  it("lists items for a user, without those that they have", async () => {
    const { stdout, status } = await runCommandLine("recommend", matched, "--user", "user-3", "--count", "4");
    expect(stdout).toMatch(/^( +\d\. Song \d+, live\n){4}$/);
    expect(status).toBe(0);
    const all = await json("recommend", matched, "--user", "user-3", "--count", "40", "--exclude-held-out");
    expect(all.items).toHaveLength(folderItems - 8);
  });

  it("takes items by identifier, by name with a comma, and by lists, and leaves out others", async () => {
    const lists = [
      ["item-2,item-4"],
      ["Song 2, live", "--items", "song 4, LIVE"],
      ["item-2, item-4,"],
      ["item-2,Song 4, live"],
      ["song 2, live,song 4, live"],
    ];
    const answers = await Promise.resolve(lists).then(async (all) => {
      const found = [];
      for (const list of all)
        found.push((await json("recommend", base, "--items", ...list, "--exclude", "item-6")).items);
      return found;
    });
    for (const answer of answers.slice(1)) expect(answer).toEqual(answers[0]);
    const ids = answers[0].map(({ itemId }: { itemId: string }) => itemId);
    expect(ids).toHaveLength(10);
    for (const id of ["item-2", "item-4", "item-6"]) expect(ids).not.toContain(id);
  });

  it("answers a text", async () => {
    const { items } = await json("recommend", matched, "--text", "loud dances", "--count", "3");
    expect(items).toHaveLength(3);
  });

  it("leaves only items that meet filters, of one user, of items, of texts and of all users", async () => {
    const filters = ["--filter", "mood=QUIET", "--filter", "year=1990..2001"];
    const file = join(folder, "filtered.jsonl");
    const ids = (items: readonly UserItem[]) => items.map(({ itemId }) => Number(itemId.slice(5)));
    const isLeft = (item: number) => item % 2 === 1 && item >= 10 && item <= 21;
    await runCommandLine("recommend", base, "--all-users", "--out", file, "--count", "40", ...filters);
    const [first] = (await readFile(file, "utf8")).trim().split("\n");
    const { user, items } = JSON.parse(first);
    const ofUser = await json("recommend", base, "--user", user, "--count", "40");
    expect(ids(items)).toEqual(ids(ofUser.items).filter(isLeft));
    const one = await json("recommend", base, "--user", user, "--count", "3", ...filters);
    expect(ids(one.items)).toEqual(ids(items).slice(0, 3));
    const text = await json("recommend", matched, "--text", "loud dances", "--count", "40", ...filters);
    expect(ids(text.items).toSorted()).toEqual([11, 13, 15, 17, 19, 21]);
    const { stderr } = await runCommandLine("recommend", base, "--items", "item-2", "--filter", "year=1900");
    expect(stderr).toMatch(/--filter: no item meets year as asked; year is from 1980 to 2019\n$/);
  });

  it.each([
    ["modd=quiet", /--filter: no column "modd"; expected one of mood \(texts\), year \(numbers\)/],
    ["year=old", /--filter: year: "old" in a column of numbers; expected a number/],
    ["quiet", /--filter: "quiet" is no condition; expected COLUMN=VALUE/],
    ['{"year":"old"}', /--filter: year: holds numbers; expected a number, a list of numbers, or a range/],
  ])("refuses the filter %s with a sentence", async (filter, message) => {
    const { stderr, status } = await runCommandLine(
      "recommend",
      base,
      "--items",
      "item-2",
      "--filter",
      filter,
    );
    expect([stderr, status]).toEqual([expect.stringMatching(message), 1]);
  });

  it("writes the same lists for all users as for one, to CSV, JSON lines and Parquet", async () => {
    const [csv, lines] = [join(folder, "lists", "all.csv"), join(folder, "all.jsonl")];
    const result = await json("recommend", matched, "--all-users", "--out", lines, "--count", "3");
    expect(result).toMatchObject({ users: folderUsers, file: lines });
    const entries = (await readFile(lines, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries).toHaveLength(folderUsers);
    const entry = entries.find(({ user }) => user === "user-3");
    const one = await json("recommend", matched, "--user", "user-3", "--count", "3");
    const ids = (list: readonly { itemId: string }[]) => list.map(({ itemId }) => itemId);
    expect(ids(entry.items)).toEqual(ids(one.items));
    await runCommandLine("recommend", matched, "--all-users", "--out", csv, "--count", "3");
    const rows = (await readFile(csv, "utf8")).trim().split("\n");
    expect(rows).toHaveLength(1 + 3 * folderUsers);
    const first = rows.find((row) => row.startsWith("user-3,1,"));
    expect(first).toMatch(new RegExp(`^user-3,1,${one.items[0].itemId},"Song \\d+, live",`));
    const parquet = join(folder, "all.parquet");
    await runCommandLine("recommend", matched, "--all-users", "--out", parquet, "--count", "3");
    const table = await parquetReadObjects({ file: await asyncBufferFromFile(parquet) });
    expect(table).toHaveLength(3 * folderUsers);
    const own = table.filter(({ user }) => user === "user-3");
    expect(own).toEqual(
      entry.items.map(({ itemId, name, score }: UserItem, index: number) => ({
        user: "user-3",
        rank: index + 1,
        item: itemId,
        name,
        score,
      })),
    );
    expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });
});

describe("dmrec export", () => {
  it("writes a file that recommends as the run does, with names", async () => {
    const file = join(folder, "model.onnx");
    expect((await runCommandLine("export", base, "--out", file)).stdout).toMatch(
      /mult-vae is in .*model\.onnx/,
    );
    await using served = await loadRecommender(file);
    const [first] = await served.recommend({ interactions: ["item-2", "item-4"] });
    const { items } = await json("recommend", base, "--items", "item-2,item-4");
    expect({ itemId: first.itemId, name: first.name }).toEqual({
      itemId: items[0].itemId,
      name: items[0].name,
    });
  });

  it("writes a smaller file in fewer bits, and refuses an unknown type", async () => {
    const exportAs = (precision: string) =>
      json("export", base, "--out", join(folder, `${precision}.onnx`), "--precision", precision);
    const whole = await exportAs("float32");
    const half = await exportAs("float16");
    const quarter = await exportAs("int8");
    expect(half.bytes).toBeLessThan(whole.bytes);
    expect(quarter).toMatchObject({ precision: "int8" });
    await using served = await loadRecommender(quarter.file);
    expect(await served.recommend({ interactions: ["item-2"], count: 3 })).toHaveLength(3);
    const refused = await runCommandLine("export", base, "--out", quarter.file, "--precision", "int4");
    expect(refused.stderr).toMatch(/--precision.*int4.*float32, float16, int8/);
    expect(refused.status).not.toBe(0);
  });
});

describe("dmrec export --page", () => {
  it("writes a page with the names of the items, the encoder, and the model", async () => {
    const page = join(folder, "page");
    const { stdout, status } = await runCommandLine("export", matched, "--page", page);
    expect([stdout, status]).toEqual([expect.stringMatching(/A page for mult-vae\+mddm is in .*page;/), 0]);
    const content = JSON.parse(await readFile(join(page, "page.json"), "utf8"));
    expect(content).toMatchObject({ readsTexts: true, readsPicks: true });
    expect(content.itemNames).toContain("Song 3, live");
    expect((await loadTfIdfEncoder(join(page, "encoder.json"))).knownWords("loud zzz")).toEqual(["loud"]);
    await using served = await loadRecommender(join(page, "model.onnx"));
    expect(served.itemNames).toEqual(content.itemNames);
  });

  it("refuses a model that serves only its users", async () => {
    const factors = join(folder, "factors");
    await runCommandLine(
      "train",
      "--data",
      data,
      "--out",
      factors,
      "--base",
      "matrix-factorization",
      ...fewSteps,
    );
    const items = await runCommandLine("recommend", factors, "--items", "item-1");
    expect([items.stderr, items.status]).toEqual([
      expect.stringMatching(/--items: needs a model of new users, and .*: name one with --user, or train/),
      1,
    ]);
    const { stderr, status } = await runCommandLine("export", factors, "--page", join(folder, "none"));
    expect([stderr, status]).toEqual([
      expect.stringMatching(/a page is for people whom the model does not know/),
      1,
    ]);
  });
});

describe("commands that take a run", () => {
  it("find data that has moved by --data, and refuse data that has changed", async () => {
    const [run, place, moved] = ["moved-run", "place", "moved"].map((name) => join(folder, name));
    await cp(data, place, { recursive: true });
    await runCommandLine("train", "--data", place, "--out", run, "--base", "popularity");
    await rename(place, moved);
    const gone = await runCommandLine("evaluate", run);
    expect(gone.stderr).toMatch(/place: is gone; .*name its new place with --data DIR/);
    expect((await runCommandLine("evaluate", run, "--data", moved)).status).toBe(0);
    await appendFile(join(moved, "interactions.csv"), "user-0,item-39\n");
    const changed = await runCommandLine("evaluate", run, "--data", moved);
    expect(changed.stderr).toMatch(/the data has changed, so train a new run on it/);
    expect(changed.status).toBe(1);
  });

  it("embed by the run's encoder instead of fitting it again, and say what to do if it is damaged", async () => {
    const run = join(folder, "with-encoder");
    await cp(matched, run, { recursive: true });
    const told = await runCommandLine("evaluate", run);
    expect(told.stdout).toMatch(/^Profiles: 100, embedded by the run's encoder, 256 wide/);
    await writeFile(join(run, "encoder.json"), '{"format":');
    const damaged = await runCommandLine("recommend", run, "--text", "loud dances");
    expect(damaged.stderr).toMatch(
      /encoder\.json: is damaged \(.*\); remove it, and the encoder is fitted again/,
    );
    expect(damaged.status).toBe(1);
    await rm(join(run, "encoder.json"));
    const fitted = await runCommandLine("evaluate", run);
    expect(fitted.stdout).toMatch(/Profiles: 100, embedded by TF-IDF/);
    expect(fitted.stdout.split("Profiles")[1].split("\n").slice(1)).toEqual(
      told.stdout.split("Profiles")[1].split("\n").slice(1),
    );
  });

  it("keep the embeddings of a pretrained encoder, and load it for a text only", async () => {
    const run = join(folder, "pretrained");
    const flags = ["--data", data, "--out", run, "--encoder", "use-lite", ...quickTraining];
    const trained = await runCommandLine("train", ...flags);
    expect(trained.stdout).toMatch(
      /Profiles: 100, embedded by the Universal Sentence Encoder lite, 512 wide/,
    );
    const { items } = await json("recommend", run, "--text", "noisy parties", "--count", "3");
    expect(items).toHaveLength(3);
    // The embeddings are read: with others, the data would not be that of the run.
    const file = join(run, "user_embeddings.npy");
    const bytes = await readFile(file);
    bytes.writeFloatLE(0.5, bytes.length - 4);
    await writeFile(file, bytes);
    expect((await runCommandLine("evaluate", run)).stderr).toMatch(/the data has changed/);
    await rm(file);
    const again = await runCommandLine("evaluate", run);
    expect(again.stdout).toMatch(/Profiles: 100, embedded by the Universal Sentence Encoder lite/);
    expect(again.status).toBe(0);
  });

  it("name the command that mends damaged weights", async () => {
    const run = join(folder, "cut-weights");
    await cp(matched, run, { recursive: true });
    const weights = join(run, "weights.safetensors");
    await truncate(weights, 60);
    const { stderr, status } = await runCommandLine("evaluate", run);
    expect(stderr).toMatch(
      /weights\.safetensors: is damaged \(ends after 60 bytes.*\); run the same dmrec train command again/,
    );
    expect(status).toBe(1);
    await runCommandLine("train", "--data", data, "--out", run, "--matching", "mddm", ...quickTraining);
    expect(await readFile(weights)).toEqual(await readFile(join(matched, "weights.safetensors")));
  });

  it("refuse a directory that is no run, and a run that is not trained to the end", async () => {
    const none = await runCommandLine("recommend", join(folder, "nowhere"), "--user", "user-1");
    expect(none.stderr).toMatch(/nowhere: is no run; make one with: dmrec train --data DIR --out/);
    const above = await runCommandLine("recommend", folder, "--user", "user-1");
    expect(above.stderr).toMatch(/is no run; name one of the runs in it, such as /);
    const half = join(folder, "half");
    await mkdir(half);
    await cp(join(base, "run.json"), join(half, "run.json"));
    const unfinished = await runCommandLine("export", half, "--out", "model.onnx");
    expect(unfinished.stderr).toMatch(
      /half: is not trained to the end; run the same dmrec train command again/,
    );
  });

  it.each([
    [["recommend", "RUN"], /name someone to recommend to: --user ID, --items A,B, --text/],
    [
      ["recommend", "RUN", "--user", "user-1", "--text", "loud"],
      /three different questions; ask one at a time/,
    ],
    [
      ["recommend", "RUN", "--user", "nobody"],
      /--user: no user "nobody" in data; expected .* such as "user-0"/,
    ],
    [
      ["recommend", "RUN", "--items", "Song 99"],
      /--items: no item "Song 99"; expected an identifier or a name/,
    ],
    [["recommend", "RUN", "--items", "song 1"], /no item "song 1"; expected .* such as "Song \d+, live"/],
    [
      ["recommend", "RUN", "--all-users"],
      /--out: missing; expected a file that ends in \.csv, \.jsonl or \.parquet/,
    ],
    [
      ["recommend", "RUN", "--all-users", "--out", "list.txt"],
      /--out: list\.txt; expected a file that ends in/,
    ],
    [["recommend", "RUN", "--user", "user-1", "--out", "a.csv"], /--out: is the file of --all-users/],
    [["recommend", "RUN", "--text", "zzz"], /the text: nothing that the encoder knows/],
    [["recommend"], /missing required argument 'run'\n+Example: dmrec recommend runs\/first --text/],
    [
      ["recommend", "BASE", "--text", "loud"],
      /--text: needs a model that reads texts, which mult-vae does not: train one with --matching mddm/,
    ],
    [["serve", "RUN", "--port", "99999"], /--port .*expected a port from 0 to 65535/],
    [["xyz"], /unknown command 'xyz'\n+dmrec --help lists the commands/],
    [["evaluate", "RUN", "--cutoffs", "5,x"], /--cutoffs .*expected a number/],
    [["evaluate", "RUN", "--part", "train"], /Allowed choices are test, validation/],
    [
      ["export", "RUN", "--out", "."],
      /--out: \. is a folder; expected the file to write, such as model\.onnx/,
    ],
    [["evaluate", "."], /\.: is no run; it has no run\.json; name the folder that dmrec train --out made/],
    [["compare", "--models", "base,mdm"], /"mdm" is no model; did you mean mddm\?/],
    [["export", "RUN"], /--out: expected the file to write; or name a folder with --page/],
    [["exprot", "RUN"], /unknown command 'exprot'\n\(Did you mean export\?\)/],
  ])("%j ends with a sentence", async (args, message) => {
    const { stderr, status } = await runCommandLine(
      ...args.map((word) => (word === "RUN" ? matched : word === "BASE" ? base : word)),
    );
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  it.each(commandNames)("%s explains itself on one screen", async (name) => {
    const { stdout, status } = await runCommandLine(name, "--help");
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(status).toBe(0);
  });

  it("all are on one screen, a line or two each", async () => {
    const { stdout } = await runCommandLine("--help");
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    for (const name of commandNames)
      expect(stdout).toMatch(new RegExp(`^  ${name === "search-trial" ? "search" : name}`, "m"));
  });

  it.each(["compare", "train", "evaluate"])("%s explains all options by --help-all", async (name) => {
    const short = await runCommandLine(name, "--help");
    const whole = await runCommandLine(name, "--help-all");
    expect([short.status, whole.status]).toEqual([0, 0]);
    expect(short.stdout).toMatch(/--help-all explains \d+ more: --\w/);
    const { stdout: few } = await runCommandLine("recommend", "--help");
    expect(few).toMatch(/explains 4 more: --engine --threads --execution-provider --backend\n/);
    expect(short.stdout).not.toMatch(/^ +--engine <name>/m);
    expect(whole.stdout).toMatch(/^ +--engine <name>/m);
    expect(whole.stdout).not.toMatch(/explains \d+ more|…$/m);
    const { commands } = await createProgram([name], { loadZoo: async () => defaultZoo });
    const listed = commands.find((command) => command.name() === name)?.options;
    for (const { long } of listed ?? []) expect(whole.stdout).toContain(long);
  });
});
