import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InteractionMatrix } from "@dmrec/core";
import { syntheticCatalogue, toEntries } from "@dmrec/data";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-paper-"));
  const { train, validation, test } = syntheticCatalogue({ users: 600, items: 60 });
  await mkdir(join(folder, "books"));
  const lines = (part: InteractionMatrix) => {
    const { users, items } = toEntries(part);
    return Array.from(users, (user, index) => `${user},${items[index]}\n`);
  };
  const pairs = [train, validation, test].flatMap(lines);
  await writeFile(join(folder, "books", "interactions.csv"), `user,item\n${pairs.join("")}`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the benchmark; interrupts it after the first epoch, if requested. */
function paper(interrupt: boolean): Promise<{ readonly code: number | null; readonly output: string }> {
  const flags = ["--bases", "cvga", "--seeds", "6", "--epochs", "90", "--jobs", "1"];
  const folders = ["--data", join(folder, "books"), "--runs", join(folder, "runs")];
  const script = join(import.meta.dirname, "../dist/paper.js");
  const child = spawn(process.execPath, [script, ...flags, ...folders], {
    cwd: import.meta.dirname,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
      if (interrupt && String(chunk).includes("epoch 1, loss")) child.kill("SIGINT");
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output: output.trim() })));
}

it("bench:paper saves on Ctrl-C and continues, to a table and JSON", async () => {
  const stopped = await paper(true);
  expect(stopped.output).toMatch(/cvga base seed 6 \(process \d+\): stopped in epoch ([2-9]|\d\d), saved\n/);
  expect(stopped.output).toMatch(
    /Stopped with 0 of 1 runs finished\. The same command continues from there\.$/,
  );
  expect(stopped.code).toBe(130);

  const { code, output } = await paper(false);
  const [, stoppedIn = ""] = /stopped in epoch (\d+)/.exec(stopped.output) ?? [];
  const [, wentOnIn] = /cvga base seed 6 \(process \d+\): epoch (\d+), loss/.exec(output) ?? [];
  expect(wentOnIn).toBe(stoppedIn);
  expect(output).toContain("books is not the paper's Amazon-Book");
  const { results } = JSON.parse(output.split("\n").at(-1) ?? "");
  expect(results).toEqual([
    expect.objectContaining({
      base: "cvga",
      strategy: "base",
      seed: 6,
      "recall@20": expect.any(Number),
      "ndcg@20": expect.any(Number),
    }),
  ]);
  const [, table = ""] = /The table is in (.+)/.exec(output) ?? [];
  const row = /\| CVGA \| base \| (0\.\d{4}) \| {2}\| {2}\|/;
  const [, recall] = row.exec(await readFile(table, "utf8")) ?? [];
  expect(recall).toBe(results[0]["recall@20"].toFixed(4));
  expect(await readdir(join(folder, "runs"))).toHaveLength(1);
  expect(code).toBe(0);
});
