import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidDataError, InvalidOptionsError, RuntimeError } from "@dmrec/core";
import { embedMany } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maximumTokens, referenceVectors, vocabulary, writeTinyEncoder } from "../testing/tiny-bert";
import { type LocalEncoder, type LocalEncoderOptions, loadLocalEncoder } from "./local-encoder";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-encoder-"));
  await writeTinyEncoder(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** Texts with their tokens, set down by hand. */
const texts = {
  "slow music": "[CLS] slow music [SEP]",
  "Slow, MELANCHOLIC music with female vocals":
    "[CLS] slow [UNK] melan ##cholic music with female vocals [SEP]",
  Café: "[CLS] cafe [SEP]",
  "Cafe\u0301s und 音楽": "[CLS] cafe ##s und 音 楽 [SEP]",
  "🎵": "[CLS] [UNK] [SEP]",
  "": "[CLS] [SEP]",
  "slow\u0000 \tmusic\n": "[CLS] slow music [SEP]",
};
const idsOf = (tokens: string) => tokens.split(" ").map((token) => vocabulary.indexOf(token));

type Pool = (vectors: readonly number[][]) => number[];
const mean: Pool = (vectors) =>
  vectors[0].map((_, column) => vectors.reduce((sum, vector) => sum + vector[column], 0) / vectors.length);
const first: Pool = ([vector]) => vector;
const unit = (vector: number[]) => vector.map((value) => value / Math.hypot(...vector));

async function using<Result>(
  use: (encoder: LocalEncoder) => Promise<Result>,
  options?: LocalEncoderOptions,
  from = folder,
): Promise<Result> {
  const encoder = await loadLocalEncoder(from, { threads: 1, ...options });
  try {
    return await use(encoder);
  } finally {
    await encoder.close();
  }
}
const embed = (values: readonly string[], options?: LocalEncoderOptions, from?: string) =>
  using((encoder) => encoder.doEmbed({ values: [...values] }), options, from);

function expectNear(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  const differences = expected.flatMap((row, index) =>
    row.map((value, column) => Math.abs(value - actual[index][column])),
  );
  expect(actual.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  expect(Math.max(...differences)).toBeLessThan(2e-5);
}

describe("the local encoder", () => {
  const reference = (pool: Pool) =>
    Object.values(texts).map((tokens) => pool(referenceVectors(idsOf(tokens))));

  it("gives zeros for a text without tokens, whatever the other texts", async () => {
    const bare = await mkdtemp(join(tmpdir(), "dmrec-encoder-"));
    await writeTinyEncoder(bare);
    const file = join(bare, "tokenizer.json");
    const tokenizer = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...tokenizer, post_processor: null }));
    for (const values of [[""], ["", "slow music"], ["", "slow music with female vocals"]]) {
      const { embeddings, usage } = await embed(values, undefined, bare);
      expect(embeddings[0]).toEqual(new Array(16).fill(0));
      expect(usage?.tokens).toBe(values.join("").split(" ").filter(Boolean).length);
    }
    await rm(bare, { recursive: true });
  });

  it("gives the vectors of a reference, whatever the padding: unicode, an empty text and control characters too", async () => {
    const { embeddings, usage } = await embed(Object.keys(texts));
    expectNear(
      embeddings,
      reference((vectors) => unit(mean(vectors))),
    );
    expect(usage?.tokens).toBe(Object.values(texts).join(" ").split(" ").length);
  });

  it("gives the same one text at a time as many at once", async () => {
    const [together, alone] = [
      await embed(Object.keys(texts)),
      await embed(Object.keys(texts), { textsPerRun: 1 }),
    ];
    expectNear(alone.embeddings, together.embeddings);
  });

  it("pools and scales as its folder says, and as options say instead", async () => {
    const other = join(folder, "cls");
    await writeTinyEncoder(other, { pooling: "cls", normalize: false });
    expectNear((await embed(Object.keys(texts), {}, other)).embeddings, reference(first));
    const asked = await embed(Object.keys(texts), { pooling: "mean", normalize: true }, other);
    expectNear(
      asked.embeddings,
      reference((vectors) => unit(mean(vectors))),
    );
  });

  it("cuts long texts between the special tokens, and says of how many", async () => {
    const long = "slow music ".repeat(20);
    const tokens = [
      "[CLS]",
      ...Array.from({ length: maximumTokens - 2 }, (_, n) => (n % 2 ? "music" : "slow")),
      "[SEP]",
    ];
    const { embeddings, providerMetadata } = await embed([long, "slow music"]);
    expectNear(embeddings.slice(0, 1), [unit(mean(referenceVectors(idsOf(tokens.join(" ")))))]);
    expect(providerMetadata).toEqual({ dmrec: { truncated: 1 } });
  });

  it("puts an instruction before each text, of its folder's or of one's own", async () => {
    const expected = [unit(mean(referenceVectors(idsOf("[CLS] passage : slow [SEP]"))))];
    expectNear((await embed(["slow"], { prompt: "document" })).embeddings, expected);
    expectNear((await embed(["slow"], { prefix: "passage: " })).embeddings, expected);
    const refused = async (options: LocalEncoderOptions, message: RegExp) => {
      const loading = loadLocalEncoder(folder, options);
      await expect(loading).rejects.toThrow(InvalidOptionsError);
      await expect(loading).rejects.toThrow(message);
    };
    await refused({ prompt: "query" }, /loadLocalEncoder: prompt: "query"; expected one of document/);
    await refused({ prompt: "constructor" }, /prompt: "constructor"; expected one of document/);
    await refused({ prompt: "document", prefix: "" }, /prompt: cannot be given together with prefix/);
  });

  it("passes a failure of ONNX Runtime on as one that a retry would not mend", async () => {
    // More tokens than the model has positions.
    const tooLong = embed(["slow music ".repeat(50)], { maximumTokens: 100 });
    await expect(tooLong).rejects.toThrow(RuntimeError);
    await expect(tooLong).rejects.toThrow(/^local-[0-9a-f]{16}: ONNX Runtime fails \(/);
  });

  it("frees its memory at the end of its scope", async () => {
    const encoder = await loadLocalEncoder(folder, { threads: 1 });
    await encoder[Symbol.asyncDispose]();
    await expect(encoder.doEmbed({ values: ["slow"] })).rejects.toThrow(RuntimeError);
  });

  it("is an embedding model of the AI SDK, named by all that its vectors depend on", async () => {
    const name = (options?: LocalEncoderOptions) => using(async ({ modelId }) => modelId, options);
    await using(async (model) => {
      const { embeddings } = await embedMany({ model, values: ["slow", "music"] });
      expect(embeddings.map((row) => row.length)).toEqual([16, 16]);
    });
    expect(await name()).toBe(await name({ textsPerRun: 3 }));
    expect(
      new Set([await name(), await name({ prefix: "passage: " }), await name({ pooling: "cls" })]).size,
    ).toBe(3);
  });

  it("says what is wrong with a folder", async () => {
    const broken = join(folder, "broken");
    const spoiled = async (name: string, content: string) => {
      await writeTinyEncoder(broken);
      await writeFile(join(broken, name), content);
      return loadLocalEncoder(broken);
    };
    await expect(loadLocalEncoder(join(folder, "none"))).rejects.toThrow(
      /neither model.onnx nor onnx\/model.onnx/,
    );
    await expect(spoiled("tokenizer.json", "{")).rejects.toThrow(/tokenizer.json: cannot be read/);
    await expect(spoiled("tokenizer.json", "{}")).rejects.toThrow(InvalidDataError);
    await expect(spoiled("modules.json", '[{"path":"2_Dense","type":"models.Dense"}]')).rejects.toThrow(
      /a module Dense/,
    );
    await expect(spoiled("1_Pooling/config.json", '{"pooling_mode_max_tokens":true}')).rejects.toThrow(
      /pooling by max; expected one of mean, cls/,
    );
    await expect(spoiled("sentence_bert_config.json", '{"max_seq_length":"x"}')).rejects.toThrow(
      /max_seq_length/,
    );
    const whole = await readFile(join(folder, "model.onnx"));
    await writeTinyEncoder(broken);
    await writeFile(join(broken, "model.onnx"), whole.subarray(0, 500));
    await expect(loadLocalEncoder(broken)).rejects.toThrow(
      /model.onnx: a model that ONNX Runtime does not load/,
    );
  });
});
