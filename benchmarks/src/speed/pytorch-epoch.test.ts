import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pyTorchEpoch } from "./pytorch-epoch";
import { generatedData } from "./speed-data";

const data = generatedData({ users: 30, items: 20, interactions: 100 });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-pytorch-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Node.js takes the place of Python, so that the test needs no PyTorch. */
async function epochOf(program: string, threads?: number) {
  const script = join(folder, "script.cjs");
  await writeFile(script, program);
  return pyTorchEpoch({ python: process.execPath, script, model: "mddm", data, threads });
}

test("The script gets the sizes, the model and the number of threads, and its answer is the result.", async () => {
  const program = `console.log(JSON.stringify({
    device: process.argv.slice(2).join(" "), torch: process.env.OMP_NUM_THREADS, epochMs: 12.5 }))`;
  expect(await epochOf(program, 2)).toEqual({
    device: `30 20 ${data.train.items.length} 1024 600 200 1536 mddm`,
    torch: "2",
    epochMs: 12.5,
  });
});

test("A script that fails is quoted by its last line.", async () => {
  const program = `process.stderr.write("Traceback\\nModuleNotFoundError: No module named 'torch'\\n"); process.exit(1)`;
  await expect(epochOf(program)).rejects.toThrow(/did not time an epoch in PyTorch: ModuleNotFoundError: No/);
});

test("A Python that is not there is named.", async () => {
  const options = { python: "no-such-python", script: "x", model: "base", data } as const;
  await expect(pyTorchEpoch(options)).rejects.toThrow(/"no-such-python" did not time .* ENOENT/);
});
