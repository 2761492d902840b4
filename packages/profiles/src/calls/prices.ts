import type { TokenUsage } from "../store/profile-record";

/** What a service charges, in any one currency. */
export interface Prices {
  /** For a million tokens of prompts, or of texts to embed. */
  readonly inputPerMillion: number;
  /** For a million tokens of replies; none for an embedding model. */
  readonly outputPerMillion?: number | undefined;
}

export function costOf(
  { inputTokens, outputTokens }: TokenUsage,
  { inputPerMillion, outputPerMillion = 0 }: Prices,
): number {
  return (inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1e6;
}
