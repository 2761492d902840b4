import type { JSONObject } from "@ai-sdk/provider";
import { type EmbeddingModel, embedMany } from "ai";
import { z } from "zod";
import type { Budget } from "../calls/budget";
import { ModelCallError } from "../calls/model-call-error";
import { mostTokens } from "../calls/token-counts";
import { type RetryOptions, withRetries } from "../calls/with-retries";
import { ownProvider } from "./own-provider";

/** How often a service is asked again that gave embeddings of the wrong count or width, or with values that are no numbers. */
export const maximumReasks = 2;

export interface EmbeddingCall {
  readonly model: EmbeddingModel;
  readonly texts: readonly string[];
  /** The width that the embeddings must have, where it is known. */
  readonly width: number | undefined;
  readonly providerOptions: Readonly<Record<string, JSONObject>> | undefined;
  /** What pays for it. */
  readonly budget: Budget;
}

export interface EmbeddedTexts {
  /** One for each text, of one width. */
  readonly embeddings: readonly Float32Array[];
  /** Calls that were answered, re-asked ones included. */
  readonly calls: number;
  /** Of these calls, as the service counts them; 0 where it does not. */
  readonly tokens: number;
  /** Texts of which the model saw the beginning alone, where it says so. */
  readonly truncated: number;
}

const metadataSchema = z.object({ dmrec: z.object({ truncated: z.number() }) });

/**
 * Embeds some texts in one call, and again where the service was not available or gave what cannot be used.
 *
 * @throws ModelCallError
 */
export async function callEmbeddingModel(
  { model, texts, width, providerOptions, budget }: EmbeddingCall,
  options: RetryOptions,
): Promise<EmbeddedTexts> {
  // What runs in this process is not given up: it would only begin again.
  const isLocal = typeof model !== "string" && model.provider === ownProvider;
  const most = { inputTokens: texts.reduce((sum, text) => sum + mostTokens(text), 0), outputTokens: 0 };
  const send = async (startTimeout: () => AbortSignal) => {
    const { embeddings, usage, responses, providerMetadata } = await embedMany({
      model,
      values: [...texts],
      maxRetries: 0,
      // Parts that a service wants apart go one after the other, so that the caller alone says how many at a time.
      maxParallelCalls: 1,
      ...(isLocal ? {} : { abortSignal: startTimeout() }),
      ...(providerOptions === undefined ? {} : { providerOptions: { ...providerOptions } }),
    });
    const isTold = Number.isFinite(usage.tokens);
    return {
      embeddings,
      calls: responses?.length ?? 1,
      usage: isTold ? { inputTokens: usage.tokens, outputTokens: 0 } : undefined,
      providerMetadata,
    };
  };
  let [calls, tokens] = [0, 0];
  for (let attempt = 0; ; attempt += 1) {
    const answer = await withRetries((startTimeout) => budget.pay(most, () => send(startTimeout)), options);
    const { embeddings, providerMetadata } = answer;
    calls += answer.calls;
    tokens += answer.usage?.inputTokens ?? 0;
    const rows = embeddings.map((embedding) => Float32Array.from(embedding));
    const fault = faultOf(rows, texts.length, width);
    if (fault === undefined) {
      const truncated = metadataSchema.safeParse(providerMetadata).data?.dmrec.truncated ?? 0;
      return { embeddings: rows, calls, tokens, truncated };
    }
    if (attempt >= maximumReasks)
      throw new ModelCallError(
        "unreadable",
        `${embeddingModelName(model)} gave ${fault}, ${attempt + 1} times`,
      );
  }
}

/** What is wrong with the answer to a call, with what was expected. */
function faultOf(
  rows: readonly Float32Array[],
  count: number,
  width: number = rows[0]?.length ?? 0,
): string | undefined {
  if (rows.length !== count) return `${rows.length} embeddings for ${count} texts`;
  const narrow = rows.findIndex((row) => row.length !== width || width === 0);
  if (narrow >= 0)
    return `an embedding of ${rows[narrow].length} numbers (text ${narrow}); expected ${width || "some"}`;
  const broken = rows.findIndex((row) => !row.every(Number.isFinite));
  if (broken < 0) return undefined;
  const position = rows[broken].findIndex((value) => !Number.isFinite(value));
  return `an embedding with ${rows[broken][position]} (text ${broken}, position ${position}); expected finite numbers`;
}

/** A model by provider and name, as keys hold it. */
export function embeddingModelName(model: EmbeddingModel): string {
  return typeof model === "string" ? model : `${model.provider}/${model.modelId}`;
}
