import type { EmbeddingModelV3, JSONObject } from "@ai-sdk/provider";
import { ownProvider } from "@dmrec/encoders";
import type { EmbeddingModel } from "ai";
import { z } from "zod";
import type { Budget } from "../calls/budget";
import { ModelCallError } from "../calls/model-call-error";
import { modelName } from "../calls/model-name";
import { mostTokens } from "../calls/token-counts";
import { type RetryOptions, withRetries } from "../calls/with-retries";

/** The most further calls after embeddings of the wrong count or width, or with values that are not finite. */
export const maxReasks = 2;

export interface EmbeddingCall {
  readonly model: EmbeddingModel;
  readonly texts: readonly string[];
  /** The width that the embeddings must have, if it is known. */
  readonly width: number | undefined;
  readonly providerOptions: Readonly<Record<string, JSONObject>> | undefined;
  /** The budget that pays for it. */
  readonly budget: Budget;
}

export interface EmbeddedTexts {
  /** One for each text, of one width. */
  readonly embeddings: readonly Float32Array[];
  /** Answered calls, including those whose answer did not fit. */
  readonly calls: number;
  /** The tokens of these calls, as the service counts them; 0 if it does not. */
  readonly tokens: number;
  /** Texts that the model truncated, if it reports them. */
  readonly truncated: number;
}

const metadataSchema = z.object({ dmrec: z.object({ truncated: z.number() }) });

/**
 * Embeds some texts in one call, and repeats it if the service was unavailable or its answer does not fit.
 *
 * @throws ModelCallError
 */
export async function callEmbeddingModel(
  { model, texts, width, providerOptions, budget }: EmbeddingCall,
  options: RetryOptions,
): Promise<EmbeddedTexts> {
  const most = { inputTokens: texts.reduce((sum, text) => sum + mostTokens(text), 0), outputTokens: 0 };
  const send = async (startTimeout: () => AbortSignal) => {
    const request = {
      values: [...texts],
      ...(providerOptions === undefined ? {} : { providerOptions: { ...providerOptions } }),
    };
    const own = ownModel(model);
    // A model in this process is not given up: it would only start again. It needs nothing of the AI SDK, which takes long to load.
    if (own) {
      const { usage, ...answer } = await own.doEmbed(request);
      return { ...answer, calls: 1, usage: usage && { inputTokens: usage.tokens, outputTokens: 0 } };
    }
    const { embedMany } = await import("ai");
    const { embeddings, usage, responses, providerMetadata } = await embedMany({
      ...request,
      model,
      maxRetries: 0,
      // If the AI SDK splits the call, the parts go one after the other: `maxParallelCalls` is the only limit.
      maxParallelCalls: 1,
      abortSignal: startTimeout(),
    });
    const isReported = Number.isFinite(usage.tokens);
    return {
      embeddings,
      calls: responses?.length ?? 1,
      usage: isReported ? { inputTokens: usage.tokens, outputTokens: 0 } : undefined,
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
    const fault = findFault(rows, texts.length, width);
    if (fault === undefined) {
      const truncated = metadataSchema.safeParse(providerMetadata).data?.dmrec.truncated ?? 0;
      return { embeddings: rows, calls, tokens, truncated };
    }
    if (attempt >= maxReasks)
      throw new ModelCallError("unreadable", `${modelName(model)} gave ${fault}, ${attempt + 1} times`);
  }
}

/** A model of `@dmrec/encoders`, which runs in this process. */
function ownModel(model: EmbeddingModel): EmbeddingModelV3 | undefined {
  if (typeof model === "string" || model.specificationVersion !== "v3") return undefined;
  return model.provider === ownProvider ? model : undefined;
}

/** The fault of an answer, with what was expected; `undefined` if there is none. */
function findFault(
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
