import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidDataError, InvalidOptionsError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { embedMany } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTfIdfEncoder, saveTfIdfEncoder } from "./encoder-file";
import { fitTfIdfEncoder } from "./tf-idf-encoder";
import { wordsOf } from "./words";

const { itemProfiles = [], userProfiles = [] } = syntheticCatalogue({ users: 200, items: 150 });
const corpus = [...itemProfiles, ...userProfiles];
const encoder = fitTfIdfEncoder(corpus, { width: 32 });
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index], 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-tf-idf-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the TF-IDF encoder", () => {
  it("gives texts of one subject near vectors of length 1", () => {
    const [sea, ship, murder] = [
      "ships and storms among islands",
      "a navigator of trade-winds; mutiny and islands",
      "detectives, suspects and alibis in a murder",
    ].map((text) => encoder.embed(text));
    expect(Math.abs(dot(sea, sea) - 1)).toBeLessThan(1e-5);
    expect(dot(sea, ship)).toBeGreaterThan(dot(sea, murder) + 0.3);
  });

  it("is a function of its texts and seed; its name says which", () => {
    const again = fitTfIdfEncoder(corpus, { width: 32 });
    expect(again.embed(corpus[7])).toEqual(encoder.embed(corpus[7]));
    expect(again.modelId).toBe(encoder.modelId);
    expect(fitTfIdfEncoder(corpus, { width: 31 }).modelId).not.toBe(encoder.modelId);
    expect(fitTfIdfEncoder(corpus.slice(1), { width: 32 }).modelId).not.toBe(encoder.modelId);
  });

  it("says nothing of a text without a known word, and of an empty one", () => {
    for (const text of ["", " \n", "zzz 12345", "🎵"])
      expect(encoder.embed(text)).toEqual(new Float32Array(32));
  });

  it("names the words of a text that it knows, on which the embedding depends", () => {
    const known = encoder.knownWords("Storms, zzz and ISLANDS; storms!");
    expect(known).toEqual(["storms", "and", "islands", "storms"]);
    expect(encoder.embed(known.join(" "))).toEqual(encoder.embed("Storms, zzz and ISLANDS; storms!"));
    expect(encoder.knownWords("zzz 🎵")).toEqual([]);
  });

  it("pads with zeros where the texts span fewer directions than the width", () => {
    const small = fitTfIdfEncoder(["red green", "red green", "blue green", "blue"], { width: 8 });
    expect(small.width).toBe(8);
    const embedding = small.embed("red blue");
    expect(embedding.filter((value) => value !== 0).length).toBeLessThanOrEqual(3);
    expect(Math.abs(dot(embedding, embedding) - 1)).toBeLessThan(1e-5);
  });

  it("is an embedding model of the AI SDK", async () => {
    const { embeddings } = await embedMany({ model: encoder, values: corpus.slice(0, 3) });
    expect(embeddings).toEqual(corpus.slice(0, 3).map((text) => [...encoder.embed(text)]));
  });

  it("is saved and loaded, and embeds new texts as before", async () => {
    const file = join(folder, "encoder.json");
    await saveTfIdfEncoder(encoder, file);
    const loaded = await loadTfIdfEncoder(file);
    expect(loaded.modelId).toBe(encoder.modelId);
    const text = "A newcomer who reads of dragons, spells and storms";
    expect(loaded.embed(text)).toEqual(encoder.embed(text));
  });

  it("refuses files that are none of its own, cut or changed", async () => {
    const [file, broken] = [join(folder, "encoder.json"), join(folder, "broken.json")];
    await saveTfIdfEncoder(encoder, file);
    const whole = await readFile(file, "utf8");
    const load = async (content: string) => {
      await writeFile(broken, content);
      return loadTfIdfEncoder(broken);
    };
    await expect(loadTfIdfEncoder(join(folder, "none.json"))).rejects.toThrow(/cannot be read/);
    await expect(load(whole.slice(0, whole.length / 2))).rejects.toThrow(InvalidDataError);
    await expect(load('{"format":"other"}')).rejects.toThrow(/broken.json, format: /);
    await expect(load(whole.replace('"width":32', '"width":33'))).rejects.toThrow(
      /contents that were changed/,
    );
    await expect(load(whole.replace(/"projection":"..../, '"projection":"'))).rejects.toThrow(
      /, projection: /,
    );
  });

  it("refuses texts that share no word, and options out of range", () => {
    expect(() => fitTfIdfEncoder(["one", "two"])).toThrow(/2 texts of which no word is in 2 or more/);
    expect(() => fitTfIdfEncoder([])).toThrow(InvalidDataError);
    expect(() => fitTfIdfEncoder(["a", "a"], { width: 0 })).toThrow(InvalidOptionsError);
  });
});

describe("wordsOf", () => {
  it("splits at what is no letter, mark or digit, in lower case, and knows scripts without spaces", () => {
    expect(wordsOf("Trip-hop & R&B: Björk's “Café del Mar”, ﬁnal 1990s")).toEqual([
      "trip",
      "hop",
      "r",
      "b",
      "björk",
      "s",
      "café",
      "del",
      "mar",
      "final",
      "1990s",
    ]);
    const words = wordsOf("静かな音楽 ambient");
    expect(words.length).toBeGreaterThan(2);
    expect(words.at(-1)).toBe("ambient");
    expect(wordsOf("")).toEqual([]);
  });
});
