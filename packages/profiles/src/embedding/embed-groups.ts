import { type DenseMatrix, InvalidOptionsError, parseOptions } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { costOf, type Prices } from "../calls/prices";
import { canonicalHash } from "../canonical-hash";
import type { ProfileEstimate } from "../run/profile-report";
import { embeddingModelName } from "./embedding-call";
import {
  type EmbeddingOptions,
  type EmbeddingReport,
  type EmbeddingSettings,
  optionsSchema,
} from "./embedding-options";
import { type EmbeddableText, EmbeddingPlan } from "./embedding-plan";
import { type CallLimits, EmbeddingRun } from "./embedding-run";
import { assertNoGap, type ProfileText, textsOf } from "./missing-rows";
import { type TextBatch, textBatches } from "./text-batches";

/** Profiles that become one matrix. */
export interface ProfileGroup {
  /** What messages call them. */
  readonly name: string;
  /** A profile or its text for each row. */
  readonly profiles: readonly ProfileText[];
}

export interface EmbeddedGroups {
  /** `[rows, width]` for each group, all of one width. */
  readonly embeddings: readonly DenseMatrix[];
  /** Of all groups together. */
  readonly report: EmbeddingReport;
}

/**
 * Embeds groups of profiles by one model in one run: a text that is in several is embedded once.
 *
 * @throws InvalidDataError for rows without a text, unless `missing` says what stands for them.
 * @throws ModelCallError
 * @throws InvalidOptionsError
 */
export async function embedGroups(
  owner: string,
  groups: readonly ProfileGroup[],
  { model, ...options }: EmbeddingOptions & { readonly model: EmbeddingModel },
): Promise<EmbeddedGroups> {
  const { store, providerOptions, secrets, signal, onProgress, ...rest } = options;
  const settings = parseOptions(owner, optionsSchema, rest);
  if (settings.maximumCost !== undefined && !store) {
    const message = "needs a store, which counts what is spent";
    throw new InvalidOptionsError(owner, [{ path: "maximumCost", message }]);
  }
  const started = performance.now();
  // As JSON: absent options dropped.
  const keyed = { embedding: 1, providerOptions: JSON.parse(JSON.stringify(providerOptions ?? {})) };
  const embeddable = (given: string): EmbeddableText => {
    const text = settings.prefix + given;
    return { key: canonicalHash({ ...keyed, model: embeddingModelName(model), text }), text };
  };
  const groupsOfRows = groups.map(({ name, profiles }) => {
    const texts = textsOf(profiles);
    assertNoGap(texts, name, settings.missing);
    return texts.map((text) => (text === undefined ? undefined : embeddable(text)));
  });
  const rows = groupsOfRows.flat();
  const texts = rows.filter((row) => row !== undefined);
  const plan = new EmbeddingPlan(texts, settings.width, (key) => store?.embedding(key));
  // Embeddings have no replies that cost.
  const prices = settings.prices && { ...settings.prices, outputPerMillion: 0 };
  const limits = await limitsOf(model, settings);
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
    estimate: estimateOf(textBatches(open, limits), prices),
  };
  return { embeddings, report };
}

async function limitsOf(model: EmbeddingModel, settings: EmbeddingSettings): Promise<CallLimits> {
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
