import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as onnx from "onnxruntime-node";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { interactionsModel } from "./testing/test-catalogue";

const packages = join(import.meta.dirname, "../..");
const metafileSchema = z.object({
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.object({ imports: z.array(z.unknown()) })),
});

let directory: string;
let bundle: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-browser-"));
  await build({
    config: false,
    silent: true,
    entry: [join(packages, "serving/src/browser.ts")],
    outDir: directory,
    format: "esm",
    platform: "browser",
    target: "es2022",
    treeshake: false,
    noExternal: [/./],
    removeNodeProtocol: false,
    metafile: true,
    esbuildOptions(options) {
      options.alias = { "@dmrec/core": join(packages, "core/src/index.ts") };
    },
  });
  bundle = join(directory, "browser.js");
});
afterAll(() => rm(directory, { recursive: true }));

describe("the browser entry", () => {
  it("bundles without onnxruntime-node, and leaves no import to Node.js", async () => {
    const metafile: unknown = JSON.parse(await readFile(join(directory, "metafile-esm.json"), "utf8"));
    const { inputs, outputs } = metafileSchema.parse(metafile);
    expect(Object.values(outputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(Object.keys(inputs)).toContainEqual(expect.stringMatching(/load-from-url\.ts$/));
    // A package that is replaced by nothing is "(disabled):…".
    const bundled = Object.keys(inputs).filter((input) => !input.startsWith("(disabled):"));
    expect(bundled.filter((input) => /onnxruntime|load-from-file|node:/.test(input))).toEqual([]);
    expect(await readFile(bundle, "utf8")).not.toContain("node:");
  });

  it("serves a model from its bundle", async () => {
    const { loadRecommender } = await import(pathToFileURL(bundle).href);
    const recommender = await loadRecommender(interactionsModel(), { runtime: onnx });
    expect(await recommender.recommend({ interactions: ["item-3"], count: 4 })).toHaveLength(4);
    await recommender.close();
  });
});
