import type { Tokenizer } from "@huggingface/tokenizers";

/** The tokens of a text. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** True if tokens at the end were left out. */
  readonly truncated: boolean;
}

/** The tokens of a text with the tokenizer's special ones around, cut between those to at most `maximum`. */
export function tokenized(tokenizer: Tokenizer, text: string, maximum: number): TokenizedText {
  const { ids } = tokenizer.encode(text);
  if (ids.length <= maximum) return { ids, truncated: false };
  const own = tokenizer.encode(text, { add_special_tokens: false }).ids;
  const added = ids.length - own.length;
  const start = Array.from({ length: added + 1 }, (_, offset) => offset).find((offset) =>
    own.every((id, index) => ids[offset + index] === id),
  );
  // A tokenizer that adds nothing, or not around the text, is cut at its end.
  if (start === undefined) return { ids: ids.slice(0, maximum), truncated: true };
  const kept = own.slice(0, Math.max(0, maximum - added));
  return { ids: [...ids.slice(0, start), ...kept, ...ids.slice(start + own.length)], truncated: true };
}

export interface TokenBatchLimits {
  readonly maximumTexts: number;
  /** Padding included. */
  readonly maximumTokens: number;
}

/** Indices of texts in batches of similar length, since the texts of a batch are padded to its longest. */
export function tokenBatches(
  texts: readonly TokenizedText[],
  { maximumTexts, maximumTokens }: TokenBatchLimits,
): number[][] {
  const batches: number[][] = [];
  let longest = 0;
  for (const index of [...texts.keys()].sort((a, b) => texts[b].ids.length - texts[a].ids.length)) {
    const batch = batches.at(-1);
    if (batch && batch.length < maximumTexts && (batch.length + 1) * longest <= maximumTokens)
      batch.push(index);
    else {
      batches.push([index]);
      longest = texts[index].ids.length;
    }
  }
  return batches;
}
