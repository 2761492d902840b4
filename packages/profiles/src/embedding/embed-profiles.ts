import type { JSONObject } from "@ai-sdk/provider";
import { type DenseMatrix, InvalidDataError, parseOptions } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { z } from "zod";
import { ModelCallError } from "../calls/model-call-error";
import { RateLimit } from "../calls/rate-limit";
import { canonicalHash } from "../canonical-hash";
import { forEachConcurrently } from "../run/for-each-concurrently";
import type { ProfileStore } from "../store/profile-store";
import { callEmbeddingModel, embeddingModelName } from "./embedding-call";
import { assertNoGap, meanOf, missingPolicies, type ProfileText, textsOf } from "./missing-rows";
import { textBatches } from "./text-batches";

const optionsSchema = z.strictObject({
  /** What becomes of a row without a text. */
  missing: z.enum(missingPolicies).default("error"),
  /** The width that the embeddings must have; without it, that of the first. */
  width: z.int().positive().optional(),
  /** Put before each text: the instruction that some models are trained with, such as `passage: `. */
  prefix: z.string().default(""),
  maximumValuesPerCall: z.int().positive().default(96),
  /** Estimated; a longer text goes alone. */
  maximumTokensPerCall: z.int().positive().default(8000),
  /** Calls at a time. */
  concurrency: z.int().positive().default(4),
  requestsPerMinute: z.int().positive().optional(),
  /** Estimated before a call. */
  tokensPerMinute: z.int().positive().optional(),
  /** Seconds until a call is given up and made again. */
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
  const known = new Map<string, Float32Array>();
  const open = new Map<string, { readonly key: string; readonly text: string }>();
  for (const [row, key] of keys.entries()) {
    if (key === undefined || known.has(key) || open.has(key)) continue;
    const stored = store?.embedding(key);
    if (stored) known.set(key, stored);
    else open.set(key, { key, text: settings.prefix + texts[row] });
  }
  const fromStore = known.size;
  const total = known.size + open.size;
  let width = settings.width;
  /** The first embedding decides where no width is given; later ones must agree. */
  const assertWidth = (embedding: Float32Array) => {
    width ??= embedding.length;
    if (embedding.length === width) return;
    const actual = `an embedding of ${embedding.length} numbers`;
    throw new InvalidDataError({
      source: embeddingModelName(model),
      actual,
      expected: `${width}, as the others have`,
    });
  };
  for (const embedding of known.values()) assertWidth(embedding);

  const limit = new RateLimit(settings);
  const stop = new AbortController();
  const stopSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let [calls, tokens, truncated] = [0, 0, 0];
  let failure: unknown;
  const batches = textBatches([...open.values()], settings);
  await forEachConcurrently(batches, settings.concurrency, stopSignal, async (batch) => {
    try {
      const call = { model, texts: batch.entries.map(({ text }) => text), width, providerOptions };
      const retries = { ...settings, limit, tokens: batch.tokens, secrets, signal: stopSignal };
      const result = await callEmbeddingModel(call, retries);
      for (const embedding of result.embeddings) assertWidth(embedding);
      const entries = batch.entries.map(({ key }, index) => [key, result.embeddings[index]] as const);
      await store?.saveEmbeddings(entries);
      for (const [key, embedding] of entries) known.set(key, embedding);
      calls += 1;
      tokens += result.tokens;
      truncated += result.truncated;
      const perText = (performance.now() - started) / 1000 / (known.size - fromStore);
      onProgress({ done: known.size, total, secondsLeft: perText * (total - known.size) });
    } catch (error) {
      failure ??= error;
      stop.abort();
    }
  });
  if (failure !== undefined) throw failure;
  if (known.size < total) throw new ModelCallError("interrupted", "The run was interrupted");
  const report = {
    rows: texts.length,
    missing: keys.filter((key) => key === undefined).length,
    embedded: total - fromStore,
    fromStore,
    truncated,
    calls,
    tokens,
    seconds: (performance.now() - started) / 1000,
  };
  return { embeddings: matrixOf(keys, known, width, settings.missing), report };
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
