import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOpenAiService } from "./testing/openai-service";

const scripts = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(name),
);
const tsx = createRequire(import.meta.url).resolve("tsx");
/** The example that the readme runs by tsx. The others run as JavaScript, which loads in half of the time. */
const inReadme = "common-path.ts";
/** The folder of the JavaScript, from which it finds the packages. */
const built = join(import.meta.dirname, "../dist");

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-examples-"));
  const entry = scripts.map((name) => join(import.meta.dirname, name));
  await build({
    entry,
    outDir: built,
    format: ["esm"],
    target: "node20",
    clean: true,
    silent: true,
    config: false,
    skipNodeModulesBundle: true,
  });
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs an example until it ends. */
async function run(script: string, environment: Readonly<Record<string, string>> = {}) {
  const program =
    script === inReadme
      ? ["--import", `file://${tsx}`, join(import.meta.dirname, script)]
      : [join(built, script.replace(/ts$/, "js"))];
  const example = spawn(process.execPath, program, {
    cwd: directory,
    // The tests never use a key of the person who runs them.
    env: { ...process.env, EPOCHS: "1", OPENAI_API_KEY: "", OPENAI_BASE_URL: "", ...environment },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(example.stdout),
    text(example.stderr),
    once(example, "exit"),
  ]);
  return { stdout, stderr, status };
}

it.each(scripts)("%s runs on the built packages", async (script) => {
  const { status, stdout, stderr } = await run(script);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/recall@20/);
  expect(status).toBe(0);
});

it("from-texts.ts has a service write and embed the profiles, and pays for none of them twice", async () => {
  const apiKey = "test-key-58d1";
  const service = await startOpenAiService(apiKey);
  try {
    const environment = {
      OPENAI_BASE_URL: service.url,
      OPENAI_API_KEY: apiKey,
      CHAT_MODEL: "writer",
      EMBEDDING_MODEL: "encoder",
      DMREC_DATA_DIR: "",
    };
    const first = await run("from-texts.ts", environment);
    expect(first).toMatchObject({ stderr: "", status: 0 });
    expect(first.stdout).toMatch(/A profile of/);
    expect(first.stdout).toMatch(/From the exported file, ranked by the model:\n(.+\n){5}$/);
    expect(new Set(service.asked)).toEqual(new Set(["writer", "encoder"]));

    service.asked.length = 0;
    const second = await run("from-texts.ts", environment);
    expect(second.status).toBe(0);
    expect(second.stdout.split("\n").slice(-12)).toEqual(first.stdout.split("\n").slice(-12));
    // The query text is embedded again: once for the model, once for its file.
    expect(service.asked).toEqual(["encoder", "encoder"]);
  } finally {
    await service.close();
  }
});
