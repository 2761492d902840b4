import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syntheticCatalogue } from "@dmrec/data";
import { createTrainer, popularity } from "dmrec";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { writeDataFolder } from "./testing/data-folder";

const root = join(import.meta.dirname, "../..");
const packages = await readdir(join(root, "packages"));
const readmes = [...packages.map((name) => `packages/${name}/README.md`), "README.md"];

/** The blocks as modules, where imports resolve as in the sources. */
const blocks = join(root, "examples/.readme-blocks");
const home = process.cwd();
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-readmes-"));
  await mkdir(blocks, { recursive: true });
  process.chdir(directory);
  await writeDataFolder("my-data");
  await using model = await (await createTrainer()).open(popularity(syntheticCatalogue().train));
  await model.export("best.onnx");
});
afterAll(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true });
  await rm(blocks, { recursive: true });
});

/** Sections whose first example also runs without the rest of the file. */
const sections = [["packages/profiles/README.md", "A language model in baselines"]] as const;

it.each(readmes)("the first example of %s runs", async (readme) => {
  await runFirstExample(await readFile(join(root, readme), "utf8"), readme);
});

it.each(sections)("the first example of %s under %s runs", async (readme, heading) => {
  const [, section] = (await readFile(join(root, readme), "utf8")).split(`\n## ${heading}\n`);
  await runFirstExample(section ?? "", `${readme}-${heading.replaceAll(" ", "-")}`);
});

/** An example with three epochs, which show as well as hundreds that it runs. */
function trainedBriefly(block: string): string {
  return block
    .replace(/\bepochs: \d+/g, "epochs: 3")
    .replaceAll("createTrainer()", "createTrainer({ epochs: 3 })");
}

async function runFirstExample(text: string, name: string): Promise<void> {
  const [, block] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
  expect(block, "has an example").toBeDefined();
  const file = join(blocks, `${name.replaceAll("/", "-")}.ts`);
  await writeFile(file, trainedBriefly(block ?? ""));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    log.mockRestore();
  }
}
