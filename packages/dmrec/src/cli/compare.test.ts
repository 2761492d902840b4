import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNpy } from "@dmrec/data";
import { loadTfIdfEncoder } from "@dmrec/encoders";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "./testing/run-command";

const cli = join(import.meta.dirname, "..", "..", "dist", "cli.js");
const small = ["--hidden", "16", "--latent", "8", "--epochs", "3", "--batch-size", "64"];

let folder: string;
let runs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-cli-"));
  runs = join(folder, "runs");
  const rows = Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 8 }, (_, nth) => `user-${user},item-${(user * 3 + nth * 5) % 40}`).join("\n"),
  );
  await writeFile(join(folder, "interactions.csv"), `user,item\n${rows.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the built program in a process. Other tests call its commands within the process of the test, which takes less time. */
const runAsBuilt = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  return { stdout, stderr, status };
};

describe("dmrec compare", () => {
  it("goes on to its end if nobody reads its output any more, as built", async () => {
    const flags = ["--data", folder, "--models", "base", "--runs", join(folder, "unread"), ...small];
    const child = spawn(process.execPath, [cli, "compare", ...flags]);
    const errors: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(String(chunk)));
    child.stdout.once("data", () => child.stdout.destroy());
    const [status] = await once(child, "close");
    expect([status, errors]).toEqual([0, []]);
  });

  it("trains the base on a folder without embeddings, shows the table and recommends by name, as built", () => {
    const { stdout, status, stderr } = runAsBuilt(
      "compare",
      "--data",
      folder,
      "--runs",
      runs,
      "--user",
      "user-3",
      ...small,
    );
    expect(stderr).toBe("");
    expect(stdout).toContain("60 users, 40 items; 240 training, 120 validation, 120 test interactions");
    expect(stdout).toContain("only the base model is trained");
    expect(stdout).toMatch(/Engine: compiled on ONNX Runtime, cpu, \d+ threads? \(the fastest\)/);
    const [, exported] = stdout.match(/as ONNX, .*: (.+best\.onnx)/) ?? [];
    expect(existsSync(exported ?? "")).toBe(true);
    expect(stdout).toMatch(/│ base +│ 0\.\d{4} +│/);
    expect(stdout).toMatch(/User user-3 knows:\n {2}item-/);
    expect(stdout.match(/^ +\d+\. item-\d+/gm)).toHaveLength(10);
    expect(status).toBe(0);
  });

  it("compares matched models if there are embeddings, with gains relative to the first", async () => {
    const ids = (what: string, count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, index) => `${what}-${index}`));
    await writeFile(join(folder, "user_ids.json"), ids("user", 60));
    await writeFile(join(folder, "item_ids.json"), ids("item", 40));
    const values = (count: number) => Float32Array.from({ length: count }, (_, index) => Math.sin(index));
    await writeNpy(join(folder, "user_embeddings.npy"), {
      rowCount: 60,
      columnCount: 4,
      values: values(240),
    });
    await writeNpy(join(folder, "item_embeddings.npy"), {
      rowCount: 40,
      columnCount: 4,
      values: values(160),
    });
    const { stdout, status } = await runCommandLine(
      "compare",
      "--data",
      folder,
      "--runs",
      runs,
      "--models",
      "base,mddm,without-mixing",
      "--beta",
      "mddm=0.3",
      ...small,
    );
    expect(stdout).toMatch(/│ mddm +│ 0\.\d{4} +│ [+−]\d/);
    expect(stdout).toMatch(/│ without-mixing +│/);
    expect(status).toBe(0);
  });

  it.each([
    // One layer has no hidden one.
    ["cvga", small.slice(2)],
    ["l-diffrec", small],
  ])("trains %s as the base that is named", async (base, flags) => {
    const { stdout, status } = await runCommandLine(
      "compare",
      "--data",
      folder,
      "--runs",
      runs,
      "--base",
      base,
      "--models",
      "base",
      ...flags,
    );
    expect(stdout).toContain(`Base model: ${base} (`);
    expect(stdout).toContain(`${base} recommends:`);
    expect(status).toBe(0);
  });

  it("embeds profiles if there are no embeddings, and recommends from a text", async () => {
    const described = join(folder, "described");
    await mkdir(described);
    await copyFile(join(folder, "interactions.csv"), join(described, "interactions.csv"));
    const profiles = (what: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        id: `${what}-${index}`,
        profile: `${index % 2 ? "quiet songs" : "loud dances"}, ${index % 3 ? "old" : "new"}`,
      }));
    await writeFile(join(described, "user_profiles.json"), JSON.stringify(profiles("user", 60)));
    await writeFile(join(described, "item_profiles.json"), JSON.stringify(profiles("item", 40)));
    const args = [
      "compare",
      "--data",
      described,
      "--runs",
      runs,
      "--models",
      "mddm",
      "--cold-start-rate",
      "0.3",
    ];
    const { stdout, stderr, status } = await runCommandLine(...args, "--text", "old, quiet songs", ...small);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Profiles: 100, embedded by TF-IDF, 256 wide/);
    const [, list = ""] = stdout.split('For the text "old, quiet songs":\n');
    expect(list.match(/^ +\d+\. item-\d+: (quiet|loud)/gm)).toHaveLength(10);
    const [, encoder = ""] = stdout.match(/for loadTfIdfEncoder: (.+encoder\.json)/) ?? [];
    expect((await loadTfIdfEncoder(encoder)).width).toBe(256);
    expect(status).toBe(0);
    const silent = await runCommandLine("compare", "--data", folder, "--text", "songs");
    expect(silent.stderr).toMatch(/--text: needs profiles/);
    const deaf = await runCommandLine(
      ...args,
      "--text",
      "songs",
      "--models",
      "base,rlmrec-contrastive",
      ...small,
    );
    expect(deaf.stderr).toMatch(
      /--text: needs a model that reads texts, .*; base, rlmrec-contrastive do not/,
    );
    expect([deaf.stdout.includes("Engine:"), deaf.status]).toEqual([false, 1]);
    await writeFile(join(described, "user_profiles.json"), '[{"id":"user-1","profile":"someone"}]');
    await writeFile(join(described, "item_profiles.json"), '[{"id":"item-1","profile":"something"}]');
    const apart = await runCommandLine(...args, ...small);
    expect(apart.stderr).toMatch(
      /the profiles: .*of which no word is in 2 or more; expected profiles that share words; --embeddings given does/,
    );
    await writeFile(join(described, "user_profiles.json"), JSON.stringify(profiles("user", 60)));
    await writeFile(join(described, "item_profiles.json"), JSON.stringify(profiles("item", 40)));
    // Items of one user lie side by side here, which the closed form finds and three epochs do not.
    const worse = await runCommandLine(...args, "--text", "songs", "--models", "ease-r,mddm", ...small);
    expect(worse.stdout).toMatch(
      /The best model, ease-r, does not read texts.*--models mddm trains one that/,
    );
    const unknown = await runCommandLine(...args, "--text", "xylophone", ...small);
    expect(unknown.stderr).toMatch(/the text: nothing that the encoder knows/);
    expect(unknown.stdout).not.toMatch(/recall@20/);
  });

  it("trains DMRec on a folder with titles and genres, and names what it recommends", async () => {
    const movies = join(folder, "movies");
    await mkdir(movies);
    const genre = (item: number) => (item % 2 ? "Drama" : "Comedy|War");
    const titles = Array.from(
      { length: 40 },
      (_, item) => `${item},"Film ${item}, The (1990)",${genre(item)}`,
    );
    const ratings = Array.from({ length: 60 }, (_, user) =>
      Array.from({ length: 8 }, (_, nth) => `${user},${(user * 3 + nth * 5) % 40},4.0,${nth}`).join("\n"),
    );
    await writeFile(join(movies, "movies.csv"), `movieId,title,genres\n${titles.join("\n")}\n`);
    await writeFile(join(movies, "ratings.csv"), `userId,movieId,rating,timestamp\n${ratings.join("\n")}\n`);
    await writeFile(join(movies, "links.csv"), "movieId,imdbId,tmdbId\n1,2,3\n");
    const args = ["compare", "--data", movies, "--runs", runs, "--minimum-rating", "4", ...small];
    const { stdout, stderr, status } = await runCommandLine(...args, "--models", "base,mddm");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/│ movies\.csv +│ items +│ 40 of 40 items: movieId/);
    expect(stdout).toMatch(/^Not read: links\.csv$/m);
    expect(stdout).toMatch(/Profiles: 100, embedded by TF-IDF/);
    expect(stdout).toMatch(/│ mddm +│ 0\.\d{4}/);
    expect(stdout.match(/^ +\d+\. Film \d+, The \(1990\)/gm)).toHaveLength(10);
    expect(status).toBe(0);
    const named = await runCommandLine(...args, "--item-title", "caption", "--models", "base");
    expect(named.stderr).toMatch(/Error: .*no table of items with the columns.*"caption"/);
  });

  it("runs on the requested engine", async () => {
    const { stdout, status } = await runCommandLine(
      "compare",
      "--data",
      folder,
      "--runs",
      runs,
      "--fresh",
      "--models",
      "base",
      "--engine",
      "eager",
      ...small,
    );
    expect(stdout).toMatch(/Engine: eager on wasm/);
    expect(status).toBe(0);
    const { stderr } = await runCommandLine("compare", "--engine", "none");
    expect(stderr).toMatch(/Allowed choices are auto, compiled, eager/);
    const absent = runAsBuilt("compare", "--data", folder, "--backend", "node-gpu");
    expect(absent.stderr).toMatch(
      /Error: no tensor backend could be started for "node-gpu" \(node-gpu: not installed\)/,
    );
    expect(absent.stderr).not.toMatch(/\n\s+at /);
    expect(absent.status).toBe(1);
  });

  it("compares baselines too, and chooses the best by the monitored metric", async () => {
    const { stdout, stderr, status } = await runCommandLine(
      "compare",
      "--data",
      folder,
      "--runs",
      runs,
      "--models",
      "popularity,base",
      "--monitor",
      "ndcg@5",
      "--kl-weight",
      "0.2",
      ...small,
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(/popularity: ndcg@5 0\.\d{4} on test/);
    expect(stdout).toMatch(/│ model +│ recall@5 +│ gain +│ ndcg@5/);
    expect(stdout).toMatch(/gains relative to popularity/);
    expect(status).toBe(0);
  });

  it("prints a warning about the data as one line, as built", async () => {
    const odd = join(folder, "odd");
    await mkdir(odd);
    await copyFile(join(folder, "interactions.csv"), join(odd, "interactions.csv"));
    await appendFile(join(odd, "interactions.csv"), "user-0,item-0\nuser-0,item-0\n");
    const { stderr, status } = runAsBuilt("compare", "--data", odd, "--runs", runs, "--models", "popularity");
    expect(stderr).toMatch(/^Warning: .*interactions\.csv.*/);
    expect(stderr).not.toMatch(/DMRecWarning|trace-warnings/);
    expect(status).toBe(0);
  });

  it("saves on Ctrl-C, explains how to continue, and continues, as built", async () => {
    const long = [
      "compare",
      "--data",
      folder,
      "--runs",
      join(folder, "interrupted"),
      "--models",
      "base",
      "--hidden",
      "16",
      "--latent",
      "8",
    ];
    const limits = ["--batch-size", "8", "--epochs", "60", "--patience", "1000"];
    const child = spawn(process.execPath, [cli, ...long, ...limits]);
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.stdout.on("data", (chunk: Buffer) => {
      if (String(chunk).includes("Engine:")) setTimeout(() => child.kill("SIGINT"), 150);
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(output).toMatch(/Stopping after the step in progress/);
    expect(output).toMatch(/Stopped in epoch \d+ of base\. The same command continues from there/);
    expect(status).toBe(130);
    const resumed = await runCommandLine(...long, ...limits);
    const whole = await runCommandLine(
      ...long.map((word) => (word === join(folder, "interrupted") ? join(folder, "whole") : word)),
      ...limits,
    );
    const recall = /base: recall@20 (0\.\d+) on test, best epoch \d+ of 60/;
    expect(recall.exec(resumed.stdout)?.[0]).toBe(recall.exec(whole.stdout)?.[0]);
    expect(resumed.stdout).toMatch(recall);
  });

  it.each([
    [
      ["compare", "--data", "absent"],
      /Error: absent: there is no such folder; expected a folder with interactions/,
    ],
    [["compare", "--data", "shop.duckdb"], /Error: dmrec: --interactions: is needed for a database/],
    [
      ["compare", "--data", "absent.duckdb", "--interactions", "orders"],
      /Error: absent\.duckdb: fails \(.*; expected a DuckDB database/s,
    ],
    [
      ["compare", "--data", "shop.sqlite"],
      /Error: dmrec: --data: shop\.sqlite is an SQLite database; expected a folder or a \.duckdb file/,
    ],
    [["compare", "--items-from", "products", "--data", "."], /--items-from: belongs to a database/],
    [["compare", "--item-text", "a,,b"], /--item-text .*expected names between commas/],
    [["compare", "--invalid-lines", "none"], /Allowed choices are error, skip/],
    [
      ["compare", "--runs", cli],
      /Error: .*cannot be made a directory \(a file has this name\); name a folder that you may write to/,
    ],
    [["compare", "--models", "best"], /"best" is no model; expected some of base, godm/],
    [
      ["compare", "--models", "popularity,item-knn", "--hidden", "8"],
      /--hidden: has no effect, because none of popularity, item-knn reads it; leave it out/,
    ],
    [["compare", "--epochs", "many"], /expected a number/],
    [["compare", "--beta", "mddm=2"], /Error: dmrec compare: --beta mddm: 2; expected a number up to 1\n/],
    [
      ["compare", "--models", "base", "--beta", "mddm=0.2"],
      /--beta mddm: has no effect, because mddm is not compared; add mddm to --models, or leave it out/,
    ],
    [["compare", "--models", "base", "--beta", "base=0.2"], /--beta base: "base" matches nothing/],
    [["compare", "--epochs", "0"], /--epochs .*expected a whole number from 1 up/],
    [["compare", "--monitor", "precision@5"], /--monitor .*expected recall@K or ndcg@K/],
    [["compare", "--engine", "compiled", "--backend", "cpu"], /--backend: belongs to the eager engine/],
    [["compare", "--backend", "cpu", "--threads", "2"], /--threads: belongs to the compiled engine/],
    [["compare", "--text", " "], /expected some words/],
    [["compare", "--dropout", "2"], /--dropout .*expected a number from 0 to below 1/],
    [["compare", "--base", "none"], /Allowed choices are mult-vae, cvga, l-diffrec/],
    [["compare", "--user", "nobody"], /Error: dmrec compare: --user: no user "nobody"/],
  ])("%j ends with one clear line", async (args, message) => {
    // The default data takes a second to make.
    const dataOfTest = args.includes("--data") ? [] : ["--data", folder];
    const { stdout, stderr, status } = await runCommandLine(...args, ...dataOfTest);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).not.toMatch(/recall@20/);
    expect(status).toBe(1);
  });

  it("is what npx runs at the root of the repository", () => {
    const root = join(import.meta.dirname, "..", "..", "..", "..");
    const { stdout, status } = spawnSync(join(root, "node_modules", ".bin", "dmrec"), ["--version"], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(status).toBe(0);
  });

  it("explains itself", async () => {
    const { stdout, status } = await runCommandLine("compare", "--help");
    expect(stdout).toMatch(/--data <path>/);
    expect(status).toBe(0);
  });
});

describe("dmrec compare --serve, as built", () => {
  it("serves a page of the best model until Ctrl-C; without the flag, the last line says how", async () => {
    const asked = ["compare", "--data", folder, "--runs", join(folder, "served"), ...small];
    const { stdout } = await runCommandLine(...asked);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      /while you type: .* --data \S+ --runs \S+served --hidden 16 .* --serve$/,
    );
    const child = spawn(process.execPath, [cli, ...asked, "--serve", "0"]);
    let [shown, errors] = ["", ""];
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const address = new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (chunk) => {
        shown += chunk;
        const [, url] = /Look at it: (http:\/\/127\.0\.0\.1:\d+)/.exec(shown) ?? [];
        if (url) resolve(url);
      });
      child.once("exit", () => reject(new Error(errors)));
    });
    const page = await fetch(await address);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<title>")]);
    child.kill("SIGINT");
    const status = await new Promise((resolve) => child.once("exit", resolve));
    expect(status).toBe(0);
  });
});
