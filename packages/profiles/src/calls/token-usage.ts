import { z } from "zod";

export const tokenUsageSchema = z.object({ inputTokens: z.number(), outputTokens: z.number() });

/** The tokens of one or more calls. */
export type TokenUsage = z.output<typeof tokenUsageSchema>;

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}
