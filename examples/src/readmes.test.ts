import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeDataFolder } from "./testing/data-folder";
import { runBlocks } from "./testing/run-blocks";

const root = join(import.meta.dirname, "../..");
const packages = await readdir(join(root, "packages"));
const readmes = [...packages.map((name) => `packages/${name}/README.md`), "README.md"];

let directory: string;
let outcomes: Awaited<ReturnType<typeof runBlocks>>;

/** Writes the file that examples load. */
const exportOfBest = `
  import { createTrainer, popularity, syntheticCatalogue } from "dmrec";
  await using model = await (await createTrainer()).open(popularity(syntheticCatalogue().train));
  await model.export("best.onnx");
`;

/** Sections whose first example also runs without the rest of the file. */
const sections = [["packages/profiles/README.md", "A language model in baselines"]] as const;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-readmes-"));
  await writeDataFolder(join(directory, "my-data"));
  const texts = new Map<string, string>();
  for (const readme of readmes) texts.set(readme, await readFile(join(root, readme), "utf8"));
  for (const [readme, heading] of sections)
    texts.set(`${readme}: ${heading}`, texts.get(readme)?.split(`\n## ${heading}\n`)[1] ?? "");
  const blocks = [...texts].flatMap(([name, text]) => {
    const [, block] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
    return block === undefined ? [] : [[name, trainedBriefly(block)] as const];
  });
  outcomes = await runBlocks(new Map([["best.onnx", exportOfBest], ...blocks]), directory);
  expect(outcomes.get("best.onnx")?.error).toBeNull();
}, 300_000);
afterAll(() => rm(directory, { recursive: true }));

it.each(readmes)("the first example of %s runs", (readme) => {
  expect(outcomes.get(readme)?.error).toBeNull();
});

it.each(sections)("the first example of %s under %s runs", (readme, heading) => {
  const name = `${readme}: ${heading}`;
  expect(outcomes.get(name)?.error).toBeNull();
});

/** An example with three epochs, which show as well as hundreds that it runs. */
function trainedBriefly(block: string): string {
  return block
    .replace(/\bepochs: \d+/g, "epochs: 3")
    .replaceAll("createTrainer()", "createTrainer({ epochs: 3 })");
}
