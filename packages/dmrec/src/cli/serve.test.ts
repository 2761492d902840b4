import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { loadRecommender } from "@dmrec/serving";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultZoo } from "../zoo/default-zoo";
import { startRunService } from "./run/run-service";
import { fewSteps, quickTraining, runCommandLine, writeColumns, writeFolder } from "./testing/run-command";

const cli = join(import.meta.dirname, "..", "..", "dist", "cli.js");

let folder: string;
let data: string;
let run: string;
const train = (out: string, ...args: readonly string[]) =>
  runCommandLine("train", "--data", data, "--out", out, ...quickTraining, ...args);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-serve-"));
  [data, run] = [join(folder, "data"), join(folder, "run")];
  await writeFolder(data);
  await writeColumns(data);
  expect((await train(run, "--matching", "mddm")).status).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const flags = {
  port: 0,
  host: "127.0.0.1",
  watch: false,
  page: true,
  excludeHeldOut: false,
  json: false,
  engine: "auto",
} as const;
const start = (directory: string) => startRunService(directory, flags, defaultZoo, () => {});

async function ask(url: string, request: unknown) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}/recommend`, {
    method: "POST",
    headers,
    body: JSON.stringify(request),
  });
  return { status: response.status, answer: JSON.parse(await response.text()) };
}

const listed = async (...args: readonly string[]) =>
  JSON.parse((await runCommandLine("recommend", run, ...args, "--json")).stdout).items;
const ids = (items: readonly { itemId: string }[]) => items.map(({ itemId }) => itemId);

describe("dmrec serve", () => {
  it("answers for users, items and texts as dmrec recommend does", async () => {
    const { service } = await start(run);
    await using _service = service;
    for (const [request, args] of [
      [{ userId: "user-3" }, ["--user", "user-3"]],
      [{ interactions: ["item-2", "item-4"] }, ["--items", "item-2,item-4"]],
      [{ text: "loud dances" }, ["--text", "loud dances"]],
      [{ userId: "user-3", filter: { year: { to: 2000 } } }, ["--user", "user-3", "--filter", "year=..2000"]],
      [
        { text: "loud dances", filter: { mood: "quiet" } },
        ["--text", "loud dances", "--filter", "mood=quiet"],
      ],
      [{ text: "quiet songs", interactions: ["item-2"] }, ["--text", "quiet songs", "--items", "item-2"]],
    ] as const) {
      const { answer } = await ask(service.url, { ...request, count: 5 });
      const expected = await listed(...args, "--count", "5");
      expect(ids(answer.items), JSON.stringify(request)).toEqual(ids(expected));
      expect(answer.items[0].name).toMatch(/^Song \d+, live$/);
    }
    expect(await ask(service.url, { userId: "nobody" })).toMatchObject({ status: 404 });
    const unknown = await ask(service.url, { text: "zzz" });
    expect(unknown).toMatchObject({
      status: 422,
      answer: { error: expect.stringMatching(/nothing that the encoder/) },
    });
  });

  it("serves the page of its present model, unless it is left out", async () => {
    const { service, reload, hasPage } = await start(run);
    await using _service = service;
    expect(hasPage).toBe(true);
    for (const _ of ["first", "next"]) {
      const page = await fetch(service.url);
      expect([page.status, page.headers.get("Content-Type")]).toEqual([200, "text/html; charset=utf-8"]);
      const html = await page.text();
      const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(html) ?? [];
      expect((await fetch(`${service.url}/${script}`)).headers.get("Cache-Control")).toMatch(/immutable/);
      const { itemNames } = JSON.parse(await (await fetch(`${service.url}/page.json`)).text());
      expect(itemNames).toContain("Song 3, live");
      const model = await fetch(`${service.url}/model.onnx`);
      await using recommender = await loadRecommender(new Uint8Array(await model.arrayBuffer()));
      expect(recommender.itemNames).toEqual(itemNames);
      await reload();
    }
    for (const path of ["/nothing", "/assets/..%2f..%2fmodel.onnx", "/assets/"])
      expect((await fetch(`${service.url}${path}`)).status).toBe(404);
    const plain = await startRunService(run, { ...flags, page: false }, defaultZoo, () => {});
    await using _plain = plain.service;
    expect([plain.hasPage, (await fetch(plain.service.url)).status]).toEqual([false, 404]);
  });

  it("serves a baseline that knows its users only", async () => {
    const factors = join(folder, "factors");
    const model = ["--base", "matrix-factorization", ...fewSteps];
    await runCommandLine("train", "--data", data, "--out", factors, ...model);
    const { service, hasPage } = await start(factors);
    await using _service = service;
    expect(hasPage).toBe(false);
    expect((await ask(service.url, { userId: "user-3", count: 3 })).answer.items).toHaveLength(3);
    expect((await ask(service.url, { interactions: ["item-2"] })).status).toBe(422);
  });

  it("takes the run's new model when it is told, and keeps the old one if there is none", async () => {
    const changing = join(folder, "changing");
    await train(changing, "--matching", "none");
    const { service, reload } = await start(changing);
    await using _service = service;
    const before = await ask(service.url, { interactions: ["item-2"] });
    await train(changing, "--matching", "none", "--latent", "4", "--fresh");
    await reload();
    const after = await ask(service.url, { interactions: ["item-2"] });
    expect(after.answer.items).not.toEqual(before.answer.items);
    await rm(join(changing, "weights.safetensors"));
    await expect(reload()).rejects.toThrow(/is not trained to the end/);
    expect(await ask(service.url, { interactions: ["item-2"] })).toEqual(after);
  });

  it("as built: says where it listens, swaps on SIGHUP and by --watch, and ends with 0 on SIGTERM", async () => {
    const child = spawn(process.execPath, [cli, "serve", run, "--port", "0", "--watch"]);
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const nextLine = async (pattern: RegExp) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`no ${pattern}: ${errors}`);
        const match = pattern.exec(value);
        if (match) return match;
      }
    };
    const [, url] = await nextLine(/answers at (http:\/\/127\.0\.0\.1:\d+)\/recommend/);
    expect((await ask(url, { userId: "user-3" })).status).toBe(200);
    child.kill("SIGHUP");
    await nextLine(/answers by its new model/);
    await utimes(join(run, "weights.safetensors"), new Date(), new Date());
    await nextLine(/answers by its new model/);
    expect((await ask(url, { userId: "user-3" })).status).toBe(200);
    child.kill("SIGTERM");
    const [status] = await once(child, "exit");
    expect([status, errors]).toEqual([0, ""]);
  });
});
