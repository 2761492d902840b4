/** A text as tokens. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** True if tokens at the end were left out. */
  readonly truncated: boolean;
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
