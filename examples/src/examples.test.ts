import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const scripts = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
);
const tsx = createRequire(import.meta.url).resolve("tsx");

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-examples-"));
});
afterAll(() => rm(directory, { recursive: true }));

it.each(scripts)("%s runs on the built packages", (script) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `file://${tsx}`, join(import.meta.dirname, script)],
    {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, EPOCHS: "3" },
    },
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(/recall@20/);
  expect(status).toBe(0);
});
