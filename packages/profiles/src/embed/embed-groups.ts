import { type DenseMatrix, invalidOption, parseOptions } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import type { CallEstimate } from "../calls/call-estimate";
import { modelName } from "../calls/model-name";
import { costOf, type Prices } from "../calls/prices";
import { canonicalHash } from "../canonical-hash";
import {
  type EmbeddingOptions,
  type EmbeddingReport,
  type EmbeddingSettings,
  embeddingSchema,
} from "./embedding-options";
import { type EmbeddableText, EmbeddingPlan } from "./embedding-plan";
import { type CallLimits, EmbeddingRun } from "./embedding-run";
import { assertNoGap, type ProfileText, textsOf } from "./missing-rows";
import { type TextBatch, textBatches } from "./text-batches";

/** Profiles that become one matrix. */
export interface ProfileGroup {
  /** The name in messages. */
  readonly name: string;
  /** A profile or its text for each row. */
  readonly profiles: readonly ProfileText[];
}

export interface EmbeddedGroups {
  /** `[rows, width]` for each group, all of one width. */
  readonly embeddings: readonly DenseMatrix[];
  /** The report of all groups together. */
  readonly report: EmbeddingReport;
}

/**
 * Embeds groups of profiles by one model in one run. A text in several groups is embedded once.
 *
 * @param owner The function that the caller called.
 * @throws InvalidDataError for rows without a text, unless `missing` says how to fill them.
 * @throws ModelCallError
 * @throws InvalidOptionsError
 */
export async function embedGroups(
  owner: string,
  groups: readonly ProfileGroup[],
  { model, ...options }: EmbeddingOptions & { readonly model: EmbeddingModel },
): Promise<EmbeddedGroups> {
  const { store, providerOptions, secrets, abortSignal, onProgress, ...rest } = options;
  const settings = parseOptions(owner, embeddingSchema, rest);
  if (settings.maxCost !== undefined && !store)
    throw invalidOption(`${owner}.maxCost`, "needs a store, which counts what is spent");
  const started = performance.now();
  // As JSON, which drops absent options.
  const keyed = { embedding: 1, providerOptions: JSON.parse(JSON.stringify(providerOptions ?? {})) };
  const toEmbeddable = (profile: string): EmbeddableText => {
    const text = settings.prefix + profile;
    return { key: canonicalHash({ ...keyed, model: modelName(model), text }), text };
  };
  const groupsOfRows = groups.map(({ name, profiles }) => {
    const texts = textsOf(profiles);
    assertNoGap(texts, name, settings.missing);
    return texts.map((text) => (text === undefined ? undefined : toEmbeddable(text)));
  });
  const rows = groupsOfRows.flat();
  const texts = rows.filter((row) => row !== undefined);
  const plan = new EmbeddingPlan(texts, settings.width, (key) => store?.embeddings.get(key));
  // Embeddings have no replies.
  const prices = settings.prices && { ...settings.prices, outputPerMillion: 0 };
  const limits = await resolveLimits(model, settings);
  const run = new EmbeddingRun(plan, { ...options, model, settings, limits, prices });
  if (!settings.dryRun) await run.complete();
  const embeddings = groupsOfRows.map((group) =>
    settings.dryRun
      ? { rowCount: group.length, columnCount: 0, values: new Float32Array() }
      : plan.matrix(group, settings.missing),
  );
  const open = plan.open();
  const report: EmbeddingReport = {
    rows: rows.length,
    missing: rows.length - texts.length,
    embedded: plan.made,
    fromStore: plan.total - open.length - plan.made,
    truncated: run.truncated,
    calls: run.calls,
    tokens: run.tokens,
    cost: prices && run.spent,
    seconds: (performance.now() - started) / 1000,
    estimate: estimate(textBatches(open, limits), prices),
  };
  return { embeddings, report };
}

/** The limits of calls within those of the model. */
async function resolveLimits(model: EmbeddingModel, settings: EmbeddingSettings): Promise<CallLimits> {
  const { maxValuesPerCall, maxTokensPerCall, maxParallelCalls } = settings;
  if (typeof model === "string") return { maxValuesPerCall, maxTokensPerCall, maxParallelCalls };
  const most = (await model.maxEmbeddingsPerCall) ?? maxValuesPerCall;
  return {
    maxValuesPerCall: Math.min(maxValuesPerCall, most),
    maxTokensPerCall,
    maxParallelCalls: (await model.supportsParallelCalls) ? maxParallelCalls : 1,
  };
}

/** Estimates the calls of some batches. */
function estimate(batches: readonly TextBatch<unknown>[], prices: Prices | undefined): CallEstimate {
  const inputTokens = batches.reduce((sum, { tokens }) => sum + tokens, 0);
  const usage = { inputTokens, outputTokens: 0 };
  return { calls: batches.length, ...usage, cost: prices && costOf(usage, prices) };
}
