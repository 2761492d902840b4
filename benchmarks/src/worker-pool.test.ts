import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { taskIn } from "./accuracy-task";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-pool-"));
  // Enough users that the first run takes some seconds more than the others.
  const rows = Array.from({ length: 5000 }, (_, user) =>
    Array.from({ length: 8 }, (_, nth) => `user-${user},item-${(user * 3 + nth * 5) % 300}\n`).join(""),
  );
  await writeFile(join(folder, "interactions.csv"), `user,item\n${rows.join("")}`);
});
afterAll(() => rm(folder, { recursive: true }));

const taskOf = (label: string, epochs: number, data = folder) =>
  taskIn(join(folder, "runs"), {
    label,
    folder: data,
    embeddings: "given",
    model: { name: "base", base: "mult-vae", settings: "default" },
    seed: 6,
    epochs,
    part: "test",
    threads: 1,
  });

it("saves a run in progress if another one fails", async () => {
  // The third starts after the second, when the first is in training.
  const tasks = [taskOf("long", 1000), taskOf("short", 1), taskOf("failing", 9, join(folder, "absent"))];
  const source = `
    import { runAll } from ${JSON.stringify(join(import.meta.dirname, "../dist/worker-pool.js"))};
    const { signal } = new AbortController();
    await runAll(${JSON.stringify(tasks)}, { jobs: 2, abortSignal: signal, report: console.log }).catch(({ message }) => console.log(message));`;
  const script = join(folder, "run.mjs");
  await writeFile(script, source);
  const child = spawn(process.execPath, [script], { cwd: import.meta.dirname });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  await new Promise((resolve) => child.on("close", resolve));
  expect(output).toMatch(/^short: finished, recall@20/m);
  expect(output).toMatch(
    /^long \(process \d+\): stopped in epoch \d+, saved\nfailing: \S+absent: there is no such folder/m,
  );
  expect(existsSync(join(tasks[0].directory, "checkpoint.json"))).toBe(true);
});
