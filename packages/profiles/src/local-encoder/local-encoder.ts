import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from "@ai-sdk/provider";
import { DMRecError, InvalidDataError, parseOptions } from "@dmrec/core";
import { Tokenizer } from "@huggingface/tokenizers";
import type * as ort from "onnxruntime-node";
import { z } from "zod";
import { ownProvider } from "../embedding/own-provider";
import { type EncoderFolder, readEncoderFolder } from "./encoder-folder";
import { pooled, poolingModes, unitLength } from "./pooling";
import { type TokenizedText, tokenBatches, tokenized } from "./tokenized-texts";

const optionsSchema = z.strictObject({
  /** Default: that of 1_Pooling/config.json, else the mean of the tokens. */
  pooling: z.enum(poolingModes).optional(),
  /** Whether embeddings get length 1. Default: as modules.json says, and so where there is none. */
  normalize: z.boolean().optional(),
  /** Put before each text. Default: the folder's default prompt, if it has one. */
  prefix: z.string().optional(),
  /** The name of one of the folder's prompts, instead of a prefix. */
  prompt: z.string().optional(),
  /** Tokens of a text that the model sees, special ones included. Default: what the folder says, else 512. */
  maximumTokens: z.int().min(2).optional(),
  /** Tokens of a run, padding included. */
  tokensPerRun: z.int().positive().default(8192),
  /** Texts of a run. */
  textsPerRun: z.int().positive().default(64),
  /** Threads of a run; by default as many as ONNX Runtime sees fit. */
  threads: z.int().positive().optional(),
});

export type LocalEncoderOptions = z.input<typeof optionsSchema>;

/** What each run of the model needs. */
interface Settings {
  readonly pooling: EncoderFolder["pooling"];
  readonly normalize: boolean;
  readonly prefix: string;
  readonly maximumTokens: number;
  readonly tokensPerRun: number;
  readonly textsPerRun: number;
  readonly padToken: number;
}

/** An encoder of this machine. It holds native memory: {@link LocalEncoder.release} it. */
export class LocalEncoder implements EmbeddingModelV3 {
  readonly specificationVersion = "v3";
  readonly provider = ownProvider;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY;
  readonly supportsParallelCalls = false;
  readonly #runtime: typeof ort;
  readonly #session: ort.InferenceSession;
  readonly #tokenizer: Tokenizer;
  readonly #settings: Settings;

  /** @internal Use {@link loadLocalEncoder}. */
  constructor(
    runtime: typeof ort,
    session: ort.InferenceSession,
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

  /** Embeddings of texts in their order; `providerMetadata.dmrec.truncated` says of how many the end was left out. */
  async doEmbed({ values, abortSignal }: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    const { prefix, maximumTokens, tokensPerRun, textsPerRun } = this.#settings;
    const texts = values.map((text) => tokenized(this.#tokenizer, prefix + text, maximumTokens));
    const embeddings: number[][] = [];
    for (const batch of tokenBatches(texts, { maximumTexts: textsPerRun, maximumTokens: tokensPerRun })) {
      abortSignal?.throwIfAborted();
      const rows = await this.#run(batch.map((index) => texts[index]));
      for (const [position, index] of batch.entries()) embeddings[index] = [...rows[position]];
    }
    return {
      embeddings,
      usage: { tokens: texts.reduce((sum, { ids }) => sum + ids.length, 0) },
      providerMetadata: { dmrec: { truncated: texts.filter(({ truncated }) => truncated).length } },
      warnings: [],
    };
  }

  /** Frees the model's memory; it cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  async #run(texts: readonly TokenizedText[]): Promise<Float32Array[]> {
    const { pooling, normalize } = this.#settings;
    const length = Math.max(1, ...texts.map(({ ids }) => ids.length));
    const { values, dims } = await this.#tokenVectors(texts, length);
    const width = dims[dims.length - 1];
    return texts.map(({ ids }, index) => {
      const vector =
        dims.length === 2
          ? Float32Array.from({ length: width }, (_, column) => values[index * width + column])
          : pooled({ values, length, width }, index, Math.max(1, ids.length), pooling);
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
    const outputs = await this.#session.run(feeds);
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
        const expected = "input_ids, attention_mask, token_type_ids and position_ids alone";
        throw new InvalidDataError({ source: this.modelId, actual: `an input ${name}`, expected });
      }
    }
  }

  #tensor(values: readonly number[], length: number, isLong: boolean): ort.Tensor {
    const shape = [values.length / length, length];
    return isLong
      ? new this.#runtime.Tensor("int64", BigInt64Array.from(values, BigInt), shape)
      : new this.#runtime.Tensor("int32", Int32Array.from(values), shape);
  }
}

/**
 * Loads an encoder from a folder in the layout of sentence-transformers: `model.onnx` (or `onnx/model.onnx`) and
 * `tokenizer.json`, with `modules.json`, `1_Pooling/config.json`, `config_sentence_transformers.json` and
 * `sentence_bert_config.json` where there are any. Nothing is downloaded.
 *
 * @throws InvalidDataError naming the file.
 * @throws InvalidOptionsError
 * @throws DMRecError (`unsupported`) where onnxruntime-node is not installed.
 */
export async function loadLocalEncoder(
  folder: string,
  options: LocalEncoderOptions = {},
): Promise<LocalEncoder> {
  const { threads, prompt, prefix, pooling, normalize, maximumTokens, ...runs } = parseOptions(
    "loadLocalEncoder",
    optionsSchema,
    options,
  );
  const found = await readEncoderFolder(folder);
  if (prompt !== undefined && found.prompts[prompt] === undefined) {
    const expected = `one of ${Object.keys(found.prompts).join(", ") || "none: the folder has no prompts"}`;
    throw new InvalidDataError({ source: folder, actual: `no prompt ${JSON.stringify(prompt)}`, expected });
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
  const runtime = await loadRuntime();
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
    const message = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    const actual = `a model that ONNX Runtime does not load (${message})`;
    throw new InvalidDataError({ source: found.modelFile, actual, expected: "a whole ONNX file", cause });
  }
}

function readTokenizer(folder: string, { tokenizer, tokenizerConfig }: EncoderFolder): Tokenizer {
  try {
    return new Tokenizer(tokenizer, tokenizerConfig);
  } catch (cause) {
    const actual = `a tokenizer that cannot be used (${cause instanceof Error ? cause.message : cause})`;
    throw new InvalidDataError({
      source: `${folder}/tokenizer.json`,
      actual,
      expected: "a tokenizer.json of Hugging Face",
      cause,
    });
  }
}

async function loadRuntime(): Promise<typeof ort> {
  return import("onnxruntime-node").catch((cause: unknown) => {
    throw new DMRecError("unsupported", "onnxruntime-node is not installed; the local encoder needs it", {
      cause,
    });
  });
}
