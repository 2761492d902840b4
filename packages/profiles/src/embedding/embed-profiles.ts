import { type DenseMatrix, InvalidOptionsError, parseOptions } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { StoreBudget } from "../calls/budget";
import { ModelCallError } from "../calls/model-call-error";
import { costOf, type Prices } from "../calls/prices";
import { RateLimit } from "../calls/rate-limit";
import { canonicalHash } from "../canonical-hash";
import { forEachConcurrently } from "../run/for-each-concurrently";
import type { ProfileEstimate } from "../run/profile-report";
import { callEmbeddingModel, embeddingModelName, maximumReasks } from "./embedding-call";
import { type EmbeddingOptions, type EmbeddingReport, optionsSchema } from "./embedding-options";
import { type EmbeddableText, EmbeddingPlan } from "./embedding-plan";
import { assertNoGap, type ProfileText, textsOf } from "./missing-rows";
import { type BatchLimits, type TextBatch, textBatches } from "./text-batches";

export interface EmbedProfilesOptions extends EmbeddingOptions {
  /** Any embedding model of the AI SDK; those of {@link loadLocalEncoder} and {@link fitTfIdfEncoder} are such. */
  readonly model: EmbeddingModel;
  /** A profile or its text for each row. */
  readonly profiles: readonly ProfileText[];
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
 * @throws ModelCallError where a call fails for good, or might pass `maximumCost`; what was embedded before is in the store.
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
  const { maximumCost } = settings;
  // Embeddings have no replies that cost.
  const prices = settings.prices && { ...settings.prices, outputPerMillion: 0 };
  if (maximumCost !== undefined && !store) {
    const message = "needs a store, which counts what is spent";
    throw new InvalidOptionsError("embedProfiles", [{ path: "maximumCost", message }]);
  }
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
  const rows = texts.map((text) =>
    text === undefined ? undefined : { key: keyOf(text), text: settings.prefix + text },
  );
  const plan = new EmbeddingPlan(rows, settings.width, (key) => store?.embedding(key));
  const limits = await limitsOf(model, settings);
  const limit = new RateLimit(settings);
  const stop = new AbortController();
  const stopSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const budget = store && new StoreBudget(store, prices, maximumCost, stopSignal);
  let [calls, tokens, truncated] = [0, 0, 0];
  let failure: unknown;
  const report = (open: readonly EmbeddableText[]): EmbeddingReport => ({
    rows: texts.length,
    missing: texts.filter((text) => text === undefined).length,
    embedded: plan.made,
    fromStore: plan.total - open.length - plan.made,
    truncated,
    calls,
    tokens,
    cost: prices && (budget ? budget.spent : costOf({ inputTokens: tokens, outputTokens: 0 }, prices)),
    seconds: (performance.now() - started) / 1000,
    estimate: estimateOf(textBatches(open, limits), prices),
  });
  if (settings.dryRun) {
    const nothing = { rowCount: texts.length, columnCount: 0, values: new Float32Array() };
    return { embeddings: nothing, report: report(plan.open()) };
  }
  // More than once only where answers differ in their width, be they of this run or of the store.
  for (let round = 0, open = plan.open(); open.length > 0; round += 1, open = plan.open()) {
    if (round > maximumReasks) {
      const message = `${embeddingModelName(model)} gave ${plan.disagreement()}, ${round} times`;
      throw new ModelCallError("unreadable", message);
    }
    let left = open.length;
    await forEachConcurrently(textBatches(open, limits), limits.concurrency, stopSignal, async (batch) => {
      try {
        const batchTexts = batch.entries.map(({ text }) => text);
        const call = { model, texts: batchTexts, width: settings.width, providerOptions, budget };
        const retries = { ...settings, limit, tokens: batch.tokens, secrets, signal: stopSignal };
        const result = await callEmbeddingModel(call, retries);
        const entries = batch.entries.map(({ key }, index) => [key, result.embeddings[index]] as const);
        await store?.saveEmbeddings(entries);
        plan.take(entries);
        calls += result.calls;
        tokens += result.tokens;
        truncated += result.truncated;
        left -= entries.length;
        const perText = (performance.now() - started) / 1000 / plan.made;
        onProgress({ done: plan.total - left, total: plan.total, secondsLeft: perText * left });
      } catch (error) {
        failure ??= error;
        stop.abort();
      }
    });
    if (failure !== undefined) throw failure;
    if (left > 0) throw new ModelCallError("interrupted", "The run was interrupted");
  }
  return { embeddings: plan.matrix(settings.missing), report: report([]) };
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
  options: Omit<EmbeddingOptions, "missing" | "dryRun"> = {},
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

/** What calls of these batches would take. */
function estimateOf(batches: readonly TextBatch<unknown>[], prices: Prices | undefined): ProfileEstimate {
  const inputTokens = batches.reduce((sum, { tokens }) => sum + tokens, 0);
  const usage = { inputTokens, outputTokens: 0 };
  return { calls: batches.length, ...usage, cost: prices && costOf(usage, prices) };
}
