import { estimateTokenCount } from "tokenx";

/** Tokens that a service adds around the messages of a call. */
const overhead = 20;

/** About how many tokens texts take together. */
export function estimateTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokenCount(text), overhead);
}

/** How many tokens texts take at most: no tokenizer of bytes makes more tokens than there are bytes. */
export function mostTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), overhead);
}
