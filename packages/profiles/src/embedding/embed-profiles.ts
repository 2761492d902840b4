import type { JSONObject } from "@ai-sdk/provider";
import { type DenseMatrix, InvalidDataError, parseOptions } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { z } from "zod";
import { ModelCallError } from "../calls/model-call-error";
import { RateLimit } from "../calls/rate-limit";
import { canonicalHash } from "../canonical-hash";
import { forEachConcurrently } from "../run/for-each-concurrently";
import type { ProfileStore } from "../store/profile-store";
import { callEmbeddingModel, embeddingModelName, maximumReasks } from "./embedding-call";
import { assertNoGap, meanOf, missingPolicies, type ProfileText, textsOf } from "./missing-rows";
import { type BatchLimits, textBatches } from "./text-batches";

const optionsSchema = z.strictObject({
  /** What becomes of a row without a text. */
  missing: z.enum(missingPolicies).default("error"),
  /** The width that the embeddings must have; without it, that of most. */
  width: z.int().positive().optional(),
  /** Put before each text: the instruction that some models are trained with, such as `passage: `. */
  prefix: z.string().default(""),
  /** Fewer where the model takes no more. */
  maximumValuesPerCall: z.int().positive().default(96),
  /** Estimated; a longer text goes alone. */
  maximumTokensPerCall: z.int().positive().default(8000),
  /** Calls at a time; one where the model allows no more. */
  concurrency: z.int().positive().default(4),
  requestsPerMinute: z.int().positive().optional(),
  /** Estimated before a call. */
  tokensPerMinute: z.int().positive().optional(),
  /** Seconds until a call is given up and made again; models of this package run in the process, for as long as they take. */
  timeout: z.number().positive().default(120),
  /** How often a call is made again where the service is not available. */
  maximumRetries: z.int().nonnegative().default(6),
  /** Seconds before the first retry, where the service asks for none; doubled for each further one. */
  retryDelay: z.number().nonnegative().default(1),
});

export interface EmbeddingOptions extends z.input<typeof optionsSchema> {
  /** Keeps what was embedded, so that no text is embedded twice by one model, whatever interrupts a run. */
  readonly store?: ProfileStore;
  /** Options of the provider, as the AI SDK takes them, e.g. `{ openai: { dimensions: 512 } }`. */
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
  /** Keys and tokens beyond those of the environment, never to appear in errors. */
  readonly secrets?: readonly string[];
  /** Stops the run: no further call begins, and the results of those in flight are kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EmbeddingProgress) => void;
}

export interface EmbedProfilesOptions extends EmbeddingOptions {
  /** Any embedding model of the AI SDK; those of {@link loadLocalEncoder} and {@link fitTfIdfEncoder} are such. */
  readonly model: EmbeddingModel;
  /** A profile or its text for each row. */
  readonly profiles: readonly ProfileText[];
}

/** A text as a model gets it, and what its embedding is kept under. */
interface EmbeddableText {
  readonly key: string;
  readonly text: string;
}

export interface EmbeddingProgress {
  /** Distinct texts that have their embedding. */
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

export interface EmbeddingReport {
  readonly rows: number;
  /** Rows without a text, filled as `missing` says. */
  readonly missing: number;
  /** Distinct texts that were embedded now. */
  readonly embedded: number;
  /** Distinct texts whose embedding the store had. */
  readonly fromStore: number;
  /** Of those embedded now: how many the model saw the beginning of alone, where it says so. */
  readonly truncated: number;
  readonly calls: number;
  /** As the service counts them; 0 where it does not. */
  readonly tokens: number;
  readonly seconds: number;
}

export interface EmbeddedProfiles {
  /** `[rows, width]`: a row for each profile, in their order. */
  readonly embeddings: DenseMatrix;
  readonly report: EmbeddingReport;
}

/**
 * Embeds profiles by any embedding model (Zhang et al. 2025, eq. 5). Every row of the result exists, and is finite.
 *
 * @throws InvalidDataError for rows without a text, unless `missing` says what stands for them.
 * @throws ModelCallError where a call fails for good; what was embedded before is in the store.
 * @throws InvalidOptionsError
 */
export async function embedProfiles(options: EmbedProfilesOptions): Promise<EmbeddedProfiles> {
  const {
    model,
    profiles,
    store,
    providerOptions,
    secrets = [],
    signal,
    onProgress = () => {},
    ...rest
  } = options;
  const settings = parseOptions("embedProfiles", optionsSchema, rest);
  const started = performance.now();
  const texts = textsOf(profiles);
  assertNoGap(texts, "embedProfiles", settings.missing);

  const keyOf = (text: string) =>
    canonicalHash({
      embedding: 1,
      model: embeddingModelName(model),
      // As JSON: absent options dropped.
      providerOptions: JSON.parse(JSON.stringify(providerOptions ?? {})),
      text: settings.prefix + text,
    });
  const keys = texts.map((text) => (text === undefined ? undefined : keyOf(text)));
  const distinct = new Map<string, EmbeddableText>();
  const known = new Map<string, Float32Array>();
  for (const [row, key] of keys.entries()) {
    if (key === undefined || distinct.has(key)) continue;
    distinct.set(key, { key, text: settings.prefix + texts[row] });
    const stored = store?.embedding(key);
    if (stored) known.set(key, stored);
  }
  const total = distinct.size;
  const width = () => settings.width ?? agreedWidth(known.values());
  const openTexts = () => {
    const expected = width();
    return [...distinct.values()].filter(({ key }) => {
      const embedding = known.get(key);
      return embedding === undefined || embedding.length !== expected;
    });
  };

  const limits = await limitsOf(model, settings);
  const limit = new RateLimit(settings);
  const stop = new AbortController();
  const stopSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const embedded = new Set<string>();
  let [calls, tokens, truncated] = [0, 0, 0];
  let failure: unknown;
  // More than once only where answers differ in their width, be they of this run or of the store.
  for (let round = 0, open = openTexts(); open.length > 0; round += 1, open = openTexts()) {
    if (round > maximumReasks) throw disagreement(model, known.values(), width());
    let left = open.length;
    await forEachConcurrently(textBatches(open, limits), limits.concurrency, stopSignal, async (batch) => {
      try {
        const batchTexts = batch.entries.map(({ text }) => text);
        const call = { model, texts: batchTexts, width: settings.width, providerOptions };
        const retries = { ...settings, limit, tokens: batch.tokens, secrets, signal: stopSignal };
        const result = await callEmbeddingModel(call, retries);
        const entries = batch.entries.map(({ key }, index) => [key, result.embeddings[index]] as const);
        await store?.saveEmbeddings(entries);
        for (const [key, embedding] of entries) {
          known.set(key, embedding);
          embedded.add(key);
        }
        calls += result.calls;
        tokens += result.tokens;
        truncated += result.truncated;
        left -= entries.length;
        const perText = (performance.now() - started) / 1000 / embedded.size;
        onProgress({ done: total - left, total, secondsLeft: perText * left });
      } catch (error) {
        failure ??= error;
        stop.abort();
      }
    });
    if (failure !== undefined) throw failure;
    if (left > 0) throw new ModelCallError("interrupted", "The run was interrupted");
  }
  const report = {
    rows: texts.length,
    missing: keys.filter((key) => key === undefined).length,
    embedded: embedded.size,
    fromStore: total - embedded.size,
    truncated,
    calls,
    tokens,
    seconds: (performance.now() - started) / 1000,
  };
  return { embeddings: matrixOf(keys, known, width(), settings.missing), report };
}

/**
 * The embedding of one text, `[width]`.
 *
 * @throws InvalidDataError for an empty one.
 * @throws ModelCallError
 */
export async function embedText(
  model: EmbeddingModel,
  text: string,
  options: Omit<EmbeddingOptions, "missing"> = {},
): Promise<Float32Array> {
  const { embeddings } = await embedProfiles({ ...options, model, profiles: [text] });
  return embeddings.values;
}

/** What one call takes, and how many at a time, within what the model allows. */
async function limitsOf(model: EmbeddingModel, settings: BatchLimits & { readonly concurrency: number }) {
  const { maximumValuesPerCall, maximumTokensPerCall, concurrency } = settings;
  if (typeof model === "string") return { maximumValuesPerCall, maximumTokensPerCall, concurrency };
  const most = (await model.maxEmbeddingsPerCall) ?? maximumValuesPerCall;
  return {
    maximumValuesPerCall: Math.min(maximumValuesPerCall, most),
    maximumTokensPerCall,
    concurrency: (await model.supportsParallelCalls) ? concurrency : 1,
  };
}

/** The width that most embeddings have; `undefined` where there are none, or no width has the most. */
function agreedWidth(embeddings: Iterable<Float32Array>): number | undefined {
  const counts = new Map<number, number>();
  for (const { length } of embeddings) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [most, next] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] !== next?.[1] ? most[0] : undefined;
}

function disagreement(
  model: EmbeddingModel,
  embeddings: Iterable<Float32Array>,
  expected: number | undefined,
): ModelCallError {
  const odd = [...embeddings].filter(({ length }) => length !== expected);
  const others = expected === undefined ? "one width" : `${expected}, as most have`;
  return new ModelCallError(
    "unreadable",
    `${embeddingModelName(model)} gave ${odd.length} embeddings of ${odd[0].length} numbers, ${maximumReasks + 1} times; expected ${others}; where those are right, give their width as an option`,
  );
}

function matrixOf(
  keys: readonly (string | undefined)[],
  known: ReadonlyMap<string, Float32Array>,
  width: number | undefined,
  missing: z.output<typeof optionsSchema>["missing"],
): DenseMatrix {
  if (width === undefined) {
    const expected = "at least one text, or the width that rows of zeros should have";
    throw new InvalidDataError({ source: "embedProfiles", actual: "no text at all", expected });
  }
  const rows = keys.map((key) => (key === undefined ? undefined : known.get(key)));
  const filler =
    missing === "mean"
      ? meanOf(
          rows.filter((row) => row !== undefined),
          width,
        )
      : new Float32Array(width);
  const values = new Float32Array(keys.length * width);
  for (const [index, row] of rows.entries()) values.set(row ?? filler, index * width);
  return { rowCount: keys.length, columnCount: width, values };
}
