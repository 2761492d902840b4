import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RandomGenerator } from "@dmrec/core";
import { summarise } from "@dmrec/eval";
import { expect, it } from "vitest";
import { experimentsZoo } from "./experiments-zoo";
import { betas, experiments } from "./plan";
import { writeReport } from "./report";
import type { RunRecord } from "./run-record";
import { experimentTasks } from "./tasks";
import { sampleRecord } from "./testing/sample-record";

const chosen = experiments(experimentsZoo, "default");
const tasks = experimentTasks(chosen, {
  folder: "data",
  root: "runs",
  records: "records",
  embeddings: "given",
  seeds: 3,
  epochs: 9,
  threads: 1,
});

it("plans every run once, first seeds first", () => {
  expect(new Set(tasks.map(({ record }) => record)).size).toBe(tasks.length);
  expect(new Set(tasks.map(({ directory }) => directory)).size).toBe(tasks.length);
  const shared = tasks.filter(({ variant }) => variant.id === "mult-vae/mddm");
  expect(shared.map(({ seed }) => seed)).toEqual([2024, 2025, 2026]);
  const seeds = tasks.map(({ seed }) => seed);
  expect(seeds).toEqual([...seeds].sort());
});

it("writes tables, figures and what is missing, with the numbers of the records", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-report-"));
  const random = RandomGenerator.fromSeed(1);
  const records = new Map<string, RunRecord[]>();
  for (const { variant, seed } of tasks) {
    if (variant.id === "l-diffrec/cpdm") continue;
    const values = Array.from({ length: 12 }, () => random.uniform());
    const record = sampleRecord(seed, values, { activity: [random.uniform(), random.uniform()] });
    records.set(variant.id, [...(records.get(variant.id) ?? []), record]);
  }
  const data = { name: "<b>sample</b>", fingerprint: "0123" };
  const page = await writeReport({ experiments: chosen, records, tasks, data, command: "again", folder });
  const [html, text, json] = await Promise.all(
    [page, join(folder, "report.md"), join(folder, "report.json")].map((file) => readFile(file, "utf8")),
  );
  expect(html).toContain("&lt;b&gt;sample&lt;/b&gt;");
  expect(html).not.toContain("<b>sample");
  expect(html.match(/<svg/g)).toHaveLength(8);
  expect(text.match(/3 runs of this experiment are not finished. `again` continues them/g)).toHaveLength(1);
  for (const runs of records.values())
    expect(text).toContain(summarise(runs.map(({ metrics }) => metrics["recall@20"])).mean.toFixed(4));
  const claims = await readFile(join(folder, "claims.md"), "utf8");
  expect(claims).toContain("| 3.3.4, figure 6 | With a β of 1, DMRec-M is the base model again. |");
  expect(claims).toContain("| undecided | no finished run of l-diffrec/cpdm |");
  expect(JSON.parse(json).claims).toHaveLength(claims.match(/^\| 3/gm)?.length ?? 0);
  expect(JSON.parse(json).runs).toHaveLength(tasks.length - 3);
  const figure = await readFile(join(folder, "figure-6.svg"), "utf8");
  expect(figure).toContain("β");
  expect(betas).toContain(1);
  await rm(folder, { recursive: true });
});
