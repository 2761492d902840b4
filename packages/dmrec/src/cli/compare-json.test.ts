import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { quickTraining, runCommandLine, writeFolder } from "./testing/run-command";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-compare-json-"));
  await writeFolder(join(folder, "data"));
});
afterAll(() => rm(folder, { recursive: true }));

it("dmrec compare gives its result to scripts as JSON, and only that", async () => {
  const { stdout, stderr, status } = await runCommandLine(
    "compare",
    ...["--data", join(folder, "data"), "--runs", join(folder, "runs")],
    ...["--user", "user-3", "--json", ...quickTraining],
  );
  expect(status).toBe(0);
  const { models, againstBase, best, user, items } = JSON.parse(stdout);
  expect(models.map(({ model }: { model: string }) => model)).toEqual(["base", "mddm"]);
  for (const { test, validation } of models)
    expect(test["recall@20"] + validation["recall@20"]).toBeGreaterThan(0);
  const [first, second] = models.map(
    ({ validation }: { validation: Record<string, number> }) => validation["recall@20"],
  );
  expect(best).toBe(second > first ? "mddm" : "base");
  expect([user, items.length]).toEqual(["user-3", 10]);
  expect(items[0].name).toMatch(/^Song \d+, live$/);
  // What people read is on standard error.
  expect(stderr).toMatch(/Test part, gains relative to base/);
  expect(stderr).toMatch(/^To save time, godm and cpdm were not trained; --models strategies compares them/m);
  const [{ model, metric, value, baseValue, result }] = againstBase;
  expect([model, metric]).toEqual(["mddm", "recall@20"]);
  expect([baseValue, value]).toEqual(
    models.map(({ test }: { test: Record<string, number> }) => test[metric]),
  );
  const words = { better: "beats", worse: "is worse than", unclear: "does not clearly beat" };
  expect(stderr).toMatch(
    new RegExp(
      `^DMRec-M \\(mddm\\) ${words[result as keyof typeof words]} its base model.*: recall@20 ${value.toFixed(4)} against .*; t = .*, p [<=] .*, paired over \\d+ test users\\.$`,
      "m",
    ),
  );
});
