import type { TokenUsage } from "./token-usage";

/** An estimate of the calls that are still open. */
export interface CallEstimate extends TokenUsage {
  readonly calls: number;
  /** The cost, if prices are given. */
  readonly cost: number | undefined;
}

/** Returns a line such as `40 calls, about 16000 tokens in and 8000 out, cost about 0.0192`. */
export function describeEstimate({ calls, inputTokens, outputTokens, cost }: CallEstimate): string {
  const price = cost === undefined ? "" : `, cost about ${cost.toFixed(4)}`;
  return `${calls} calls, about ${inputTokens} tokens in and ${outputTokens} out${price}`;
}
