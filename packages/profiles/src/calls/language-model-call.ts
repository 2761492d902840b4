import type { JSONObject } from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import { z } from "zod";
import type { ProfileSchema } from "../profile";
import type { Prompt } from "../prompts/prompt";
import type { TokenUsage } from "./token-usage";

/** The settings of a model that change its answers. */
export interface ModelParameters {
  readonly maxOutputTokens: number;
  readonly temperature?: number | undefined;
  /** Options of the provider, as the AI SDK takes them. */
  readonly providerOptions?: Readonly<Record<string, JSONObject>> | undefined;
}

export interface ModelReply {
  readonly text: string;
  readonly finishReason: string;
  /** The explanation of a model that declined to answer. */
  readonly refusal: string | undefined;
  readonly usage: TokenUsage | undefined;
}

const bodySchema = z.object({
  choices: z.array(z.object({ message: z.object({ refusal: z.string().nullish() }) })),
});

/** Makes one call of a language model for structured output. Returns the text as it came, also if it does not fit. */
export async function callLanguageModel(
  model: LanguageModel,
  { system, prompt }: Prompt,
  schema: ProfileSchema,
  { maxOutputTokens, temperature, providerOptions }: ModelParameters,
  abortSignal: AbortSignal,
): Promise<ModelReply> {
  // Loaded with the first call, because it takes longer to load than all the rest of this package.
  const { generateText, Output } = await import("ai");
  const { text, finishReason, usage, response } = await generateText({
    model,
    system,
    prompt,
    // Requested as an object and taken as a text: a reply that does not fit was paid all the same.
    output: {
      ...Output.object({ schema, name: "profile" }),
      parseCompleteOutput: ({ text }: { text: string }) => Promise.resolve(text),
    },
    maxOutputTokens,
    maxRetries: 0,
    abortSignal,
    ...(temperature === undefined ? {} : { temperature }),
    ...(providerOptions === undefined ? {} : { providerOptions: { ...providerOptions } }),
  });
  const refusal = bodySchema.safeParse(response.body).data?.choices[0]?.message.refusal ?? undefined;
  return { text, finishReason, refusal, usage: toUsage(usage) };
}

function toUsage(
  usage: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined } | undefined,
): TokenUsage | undefined {
  const { inputTokens, outputTokens } = usage ?? {};
  return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };
}
