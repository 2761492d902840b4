import type { EmbeddingModelV3Embedding, EmbeddingModelV3Result } from "@ai-sdk/provider";

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

/** The result of an embedding model that cut long texts: `providerMetadata.dmrec.truncated` counts them. */
export function embeddingResult(
  texts: readonly TokenizedText[],
  embeddings: EmbeddingModelV3Embedding[],
): EmbeddingModelV3Result {
  return {
    embeddings,
    usage: { tokens: texts.reduce((sum, { ids }) => sum + ids.length, 0) },
    providerMetadata: { dmrec: { truncated: texts.filter(({ truncated }) => truncated).length } },
    warnings: [],
  };
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
