import type { JSONObject } from "@ai-sdk/provider";
import { generateText, type LanguageModel, Output } from "ai";
import { z } from "zod";
import type { ProfileSchema } from "../profile";
import type { Prompt } from "../prompts/prompt";
import type { TokenUsage } from "../store/profile-record";

/** Settings of a model that change what it answers. */
export interface ModelParameters {
  readonly maximumOutputTokens: number;
  readonly temperature?: number | undefined;
  /** Options of the provider, as the AI SDK takes them. */
  readonly providerOptions?: Readonly<Record<string, JSONObject>> | undefined;
}

export interface ModelReply {
  readonly text: string;
  readonly finishReason: string;
  /** What the model said instead of an answer, where it declined. */
  readonly refusal: string | undefined;
  readonly usage: TokenUsage | undefined;
}

const bodySchema = z.object({
  choices: z.array(z.object({ message: z.object({ refusal: z.string().nullish() }) })),
});

/** One call of a language model, asked for structured output; its text as it came, whether it fits or not. */
export async function callLanguageModel(
  model: LanguageModel,
  { system, prompt }: Prompt,
  schema: ProfileSchema,
  { maximumOutputTokens, temperature, providerOptions }: ModelParameters,
  signal: AbortSignal,
): Promise<ModelReply> {
  const { text, finishReason, usage, response } = await generateText({
    model,
    system,
    prompt,
    // Asked for as an object, taken as a text: what does not fit is still a reply, which was paid.
    output: {
      ...Output.object({ schema, name: "profile" }),
      parseCompleteOutput: ({ text }: { text: string }) => Promise.resolve(text),
    },
    maxOutputTokens: maximumOutputTokens,
    maxRetries: 0,
    abortSignal: signal,
    ...(temperature === undefined ? {} : { temperature }),
    ...(providerOptions === undefined ? {} : { providerOptions: { ...providerOptions } }),
  });
  const refusal = bodySchema.safeParse(response.body).data?.choices[0]?.message.refusal ?? undefined;
  return { text, finishReason, refusal, usage: usageOf(usage) };
}

function usageOf(
  usage: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined } | undefined,
): TokenUsage | undefined {
  const { inputTokens, outputTokens } = usage ?? {};
  return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };
}

/** A model by provider and name, as keys and records hold it. */
export function modelName(model: LanguageModel): string {
  return typeof model === "string" ? model : `${model.provider}/${model.modelId}`;
}
