import { z } from "zod";

/** The tokens of one or more calls. */
export interface TokenUsage {
  /** The tokens of prompts. */
  readonly inputTokens: number;
  /** The tokens of replies. */
  readonly outputTokens: number;
}

export const tokenUsageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
}) satisfies z.ZodType<TokenUsage>;

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}
