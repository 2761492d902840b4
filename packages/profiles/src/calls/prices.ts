import type { TokenUsage } from "./token-usage";

/** The prices of a service, in any one currency. */
export interface Prices {
  /** The price of a million tokens of prompts. */
  readonly inputPerMillion: number;
  /** The price of a million tokens of replies. */
  readonly outputPerMillion: number;
}

export function costOf(
  { inputTokens, outputTokens }: TokenUsage,
  { inputPerMillion, outputPerMillion }: Prices,
): number {
  return (inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1e6;
}
