import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from "@ai-sdk/provider";
import {
  causeMessage,
  InvalidDataError,
  invalidOption,
  loadOnnxRuntime,
  type OnnxRuntime,
  parseOptions,
  RuntimeError,
} from "@dmrec/core";
import { Tokenizer } from "@huggingface/tokenizers";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { z } from "zod";
import { ownProvider } from "../own-provider";
import { embeddingResult, type TokenizedText, tokenBatches } from "../token-batches";
import { type EncoderFolder, readEncoderFolder } from "./encoder-folder";
import { pooled, poolingModes, unitLength } from "./pooling";
import { tokenized } from "./tokenized-texts";

export interface LocalEncoderOptions {
  /** Turns token vectors into one vector. @default the mode of 1_Pooling/config.json, else the mean of the tokens */
  readonly pooling?: (typeof poolingModes)[number] | undefined;
  /** Scales embeddings to length 1. @default as modules.json says, true without it */
  readonly normalize?: boolean | undefined;
  /** Text put before each text. @default the folder's default prompt, if it has one */
  readonly prefix?: string | undefined;
  /** The name of one of the folder's prompts, instead of `prefix`. @default none */
  readonly prompt?: string | undefined;
  /** Tokens of a text that the model reads, special ones included. @default the folder's, else 512 */
  readonly maximumTokens?: number | undefined;
  /** Tokens of a run, padding included. @default 8192 */
  readonly tokensPerRun?: number;
  /** Texts of a run. @default 64 */
  readonly textsPerRun?: number;
  /** Threads of a run. @default ONNX Runtime's choice */
  readonly threads?: number | undefined;
}

const optionsSchema = z
  .strictObject({
    pooling: z.enum(poolingModes).optional(),
    normalize: z.boolean().optional(),
    prefix: z.string().optional(),
    prompt: z.string().optional(),
    maximumTokens: z.int().min(2).optional(),
    tokensPerRun: z.int().positive().default(8192),
    textsPerRun: z.int().positive().default(64),
    threads: z.int().positive().optional(),
  })
  .refine(({ prompt, prefix }) => prompt === undefined || prefix === undefined, {
    error: "cannot be given together with prefix, which it replaces",
    path: ["prompt"],
  });

/** The settings of each run of the model. */
interface Settings {
  readonly pooling: EncoderFolder["pooling"];
  readonly normalize: boolean;
  readonly prefix: string;
  readonly maximumTokens: number;
  readonly tokensPerRun: number;
  readonly textsPerRun: number;
  readonly padToken: number;
}

/** A transformer encoder in ONNX Runtime. It holds native memory until {@link LocalEncoder.close}. */
export class LocalEncoder implements EmbeddingModelV3 {
  readonly specificationVersion = "v3";
  readonly provider = ownProvider;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY;
  readonly supportsParallelCalls = false;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #tokenizer: Tokenizer;
  readonly #settings: Settings;

  /** @internal Use {@link loadLocalEncoder}. */
  constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    tokenizer: Tokenizer,
    settings: Settings,
    digest: string,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.#settings = settings;
    this.modelId = `local-${digest}`;
  }

  /**
   * Embeds texts in their order; a text without tokens is 0. `providerMetadata.dmrec.truncated` counts the texts whose end was cut off.
   *
   * @throws RuntimeError if ONNX Runtime fails; a retry would fail the same way.
   */
  async doEmbed({ values, abortSignal }: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    const { prefix, maximumTokens, tokensPerRun, textsPerRun } = this.#settings;
    const texts = values.map((text) => tokenized(this.#tokenizer, prefix + text, maximumTokens));
    const embeddings: number[][] = [];
    for (const batch of tokenBatches(texts, { maximumTexts: textsPerRun, maximumTokens: tokensPerRun })) {
      abortSignal?.throwIfAborted();
      const rows = await this.#run(batch.map((index) => texts[index]));
      for (const [position, index] of batch.entries()) embeddings[index] = [...rows[position]];
    }
    return embeddingResult(texts, embeddings);
  }

  /** Frees the model's memory. The encoder cannot be used afterwards. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(texts: readonly TokenizedText[]): Promise<Float32Array[]> {
    const { pooling, normalize } = this.#settings;
    const length = Math.max(1, ...texts.map(({ ids }) => ids.length));
    const { values, dims } = await this.#tokenVectors(texts, length);
    const width = dims[dims.length - 1];
    return texts.map(({ ids }, index) => {
      // The model has seen nothing but padding.
      if (ids.length === 0) return new Float32Array(width);
      const vector =
        dims.length === 2
          ? Float32Array.from({ length: width }, (_, column) => values[index * width + column])
          : pooled({ values, length, width }, index, ids.length, pooling);
      return normalize ? unitLength(vector) : vector;
    });
  }

  /** The model's output: vectors of tokens, `[texts, length, width]`, or of texts, `[texts, width]`. */
  async #tokenVectors(
    texts: readonly TokenizedText[],
    length: number,
  ): Promise<{ readonly values: ArrayLike<number>; readonly dims: readonly number[] }> {
    const feeds = Object.fromEntries(
      this.#session.inputMetadata.map(({ name, ...input }) => {
        const isLong = input.isTensor && input.type === "int64";
        return [
          name,
          this.#tensor(
            texts.flatMap((text) => this.#inputOf(name, text, length)),
            length,
            isLong,
          ),
        ];
      }),
    );
    const outputs = await this.#outputs(feeds);
    const names = ["last_hidden_state", "token_embeddings", ...this.#session.outputNames];
    const found = names
      .flatMap((name) => (outputs[name] ? [outputs[name]] : []))
      .find(({ dims }) => dims.length === 3 || dims.length === 2);
    if (!found || !(found.data instanceof Float32Array)) {
      const actual = `outputs ${this.#session.outputNames.join(", ")}`;
      const expected = "float32 vectors of tokens, such as last_hidden_state";
      throw new InvalidDataError({ source: this.modelId, actual, expected });
    }
    return { values: found.data, dims: found.dims };
  }

  async #outputs(feeds: InferenceSession.FeedsType): Promise<InferenceSession.ReturnType> {
    try {
      return await this.#session.run(feeds);
    } catch (cause) {
      throw new RuntimeError(`${this.modelId}: ONNX Runtime fails (${causeMessage(cause)})`, { cause });
    }
  }

  #inputOf(name: string, { ids }: TokenizedText, length: number): number[] {
    const padding = new Array<number>(length - ids.length);
    switch (name) {
      case "input_ids":
        return [...ids, ...padding.fill(this.#settings.padToken)];
      case "attention_mask":
        return [...ids.map(() => 1), ...padding.fill(0)];
      case "token_type_ids":
        return new Array<number>(length).fill(0);
      case "position_ids":
        return Array.from({ length }, (_, position) => position);
      default: {
        const expected = "input_ids, attention_mask, token_type_ids and position_ids only";
        throw new InvalidDataError({ source: this.modelId, actual: `an input ${name}`, expected });
      }
    }
  }

  #tensor(values: readonly number[], length: number, isLong: boolean): Tensor {
    const shape = [values.length / length, length];
    return isLong
      ? new this.#runtime.Tensor("int64", BigInt64Array.from(values, BigInt), shape)
      : new this.#runtime.Tensor("int32", Int32Array.from(values), shape);
  }
}

/**
 * Loads an encoder from a folder in the layout of sentence-transformers: `model.onnx` (or `onnx/model.onnx`) and
 * `tokenizer.json`, with `modules.json`, `1_Pooling/config.json`, `config_sentence_transformers.json` and
 * `sentence_bert_config.json` if there are any. Nothing is downloaded.
 *
 * @throws InvalidDataError naming the file.
 * @throws InvalidOptionsError
 * @throws UnsupportedError if onnxruntime-node is not installed.
 * @example
 * const encoder = await loadLocalEncoder("models/all-MiniLM-L6-v2");
 */
export async function loadLocalEncoder(
  folder: string,
  options: LocalEncoderOptions = {},
): Promise<LocalEncoder> {
  const owner = "loadLocalEncoder";
  const { threads, prompt, prefix, pooling, normalize, maximumTokens, ...runs } = parseOptions(
    owner,
    optionsSchema,
    options,
  );
  const found = await readEncoderFolder(folder);
  if (prompt !== undefined && !Object.hasOwn(found.prompts, prompt)) {
    const names = Object.keys(found.prompts).join(", ") || "none, because the folder has no prompts";
    throw invalidOption(`${owner}.prompt`, `${JSON.stringify(prompt)}; expected one of ${names}`);
  }
  const settings: Settings = {
    ...runs,
    pooling: pooling ?? found.pooling,
    normalize: normalize ?? found.normalize,
    prefix: prefix ?? (prompt === undefined ? found.defaultPrompt : found.prompts[prompt]),
    maximumTokens: maximumTokens ?? found.maximumTokens,
    padToken: found.padToken,
  };
  const tokenizer = readTokenizer(folder, found);
  const runtime = await loadOnnxRuntime();
  const hash = createHash("sha256");
  await pipeline(createReadStream(found.modelFile), hash);
  const { pooling: mode, normalize: unit, prefix: text, maximumTokens: cut } = settings;
  const parts = JSON.stringify([hash.digest("hex"), found.tokenizer, mode, unit, text, cut]);
  const digest = createHash("sha256").update(parts).digest("hex").slice(0, 16);
  try {
    const session = await runtime.InferenceSession.create(
      found.modelFile,
      threads === undefined ? {} : { intraOpNumThreads: threads },
    );
    return new LocalEncoder(runtime, session, tokenizer, settings, digest);
  } catch (cause) {
    const actual = `a model that ONNX Runtime does not load (${causeMessage(cause)})`;
    throw new InvalidDataError({ source: found.modelFile, actual, expected: "a whole ONNX file", cause });
  }
}

function readTokenizer(folder: string, { tokenizer, tokenizerConfig }: EncoderFolder): Tokenizer {
  try {
    return new Tokenizer(tokenizer, tokenizerConfig);
  } catch (cause) {
    const actual = `a tokenizer that cannot be used (${causeMessage(cause)})`;
    throw new InvalidDataError({
      source: `${folder}/tokenizer.json`,
      actual,
      expected: "a tokenizer.json of Hugging Face",
      cause,
    });
  }
}
