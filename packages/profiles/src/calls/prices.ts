import type { TokenUsage } from "../store/profile-record";

/** What a service charges, in any one currency. */
export interface Prices {
  /** For a million tokens of prompts. */
  readonly inputPerMillion: number;
  /** For a million tokens of replies. */
  readonly outputPerMillion: number;
}

export function costOf(
  { inputTokens, outputTokens }: TokenUsage,
  { inputPerMillion, outputPerMillion }: Prices,
): number {
  return (inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1e6;
}
