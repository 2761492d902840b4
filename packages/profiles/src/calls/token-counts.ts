import { estimateTokenCount } from "tokenx";

/** The tokens that a service adds around the messages of a call. */
const overhead = 20;

/** The estimated number of tokens of several texts. */
export function estimateTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokenCount(text), overhead);
}

/** The upper bound of tokens of several texts: a tokenizer of bytes makes at most one token of each byte. */
export function mostTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), overhead);
}
