import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syntheticCatalogue, toEntries } from "@dmrec/data";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { writeDataFolder } from "./testing/data-folder";
import { runLines, writeCommands } from "./testing/guide-shell";
import { startOpenAiService } from "./testing/openai-service";
import { runBlocks } from "./testing/run-blocks";

const root = join(import.meta.dirname, "../..");
const guides = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
// Readers begin with it, and other guides use its run.
guides.sort((a, b) => Number(b === "quick-start.md") - Number(a === "quick-start.md"));

const apiKey = "test-key-77c2";
let directory: string;
let service: Awaited<ReturnType<typeof startOpenAiService>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-guides-"));
  service = await startOpenAiService(apiKey);
  await writeCommands(join(directory, "commands"), root);
  // Profiles are written into the second one. Runs on the first would refuse it then, as other data.
  for (const name of ["my-shop", "my-books"]) await writeShop(join(directory, name));
  await writeDataFolder(join(directory, "my-data"));
  vi.stubEnv("OPENAI_BASE_URL", service.url);
  vi.stubEnv("OPENAI_API_KEY", apiKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await service.close();
  await rm(directory, { recursive: true });
});

/** A folder with a table of interactions and one of items, as a shop has them. */
async function writeShop(folder: string): Promise<void> {
  const { train, userIds, itemIds, itemAttributes = [] } = syntheticCatalogue({ users: 120, items: 60 });
  const { users, items } = toEntries(train);
  const lines = Array.from(users, (user, entry) => `${userIds[user]},${itemIds[items[entry]]}\n`);
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const rows = itemAttributes.map(({ title = "", tags = [], description = "" }, item) =>
    [itemIds[item], title, tags.join("|"), description].map(quoted).join(","),
  );
  await mkdir(folder);
  await writeFile(join(folder, "interactions.csv"), `user_id,item_id\n${lines.join("")}`);
  await writeFile(join(folder, "items.csv"), `id,title,genres,description\n${rows.join("\n")}\n`);
}

/** The blocks of code of a guide in one language. */
function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, block]) => block,
  );
}

it.each(guides)("%s has code of languages that are run, and tables", async (guide) => {
  const text = await readFile(join(root, "docs", guide), "utf8");
  const languages = [...text.matchAll(/^```(\w*)\n[\s\S]*?^```$/gm)].map(([, language]) => language);
  expect(languages.filter((language) => !["sh", "ts", "csv"].includes(language))).toEqual([]);
});

it.each(guides)("the commands of %s run one after the other", { timeout: 900_000 }, async (guide) => {
  const options = { directory, commands: join(directory, "commands"), env: {} };
  for (const lines of blocksOf(await readFile(join(root, "docs", guide), "utf8"), "sh")) {
    const { status, output } = await runLines(lines, options);
    expect(status, `${lines}\n${output}`).toBe(0);
  }
});

let outcomes: ReturnType<typeof runBlocks> | undefined;

/** Runs the code of all guides once, in their order. */
async function runCode(): ReturnType<typeof runBlocks> {
  const codes = new Map<string, string>();
  for (const guide of guides) {
    const code = blocksOf(await readFile(join(root, "docs", guide), "utf8"), "ts");
    if (code.length > 0) codes.set(guide, code.join("\n"));
  }
  return runBlocks(codes, directory);
}

it.each(guides)("the code of %s runs from top to bottom", { timeout: 300_000 }, async (guide) => {
  const code = blocksOf(await readFile(join(root, "docs", guide), "utf8"), "ts");
  if (code.length === 0) return;
  outcomes ??= runCode();
  const outcome = (await outcomes).get(guide);
  expect(outcome?.error).toBeNull();
  expect(outcome?.prints).toBeGreaterThan(0);
});
