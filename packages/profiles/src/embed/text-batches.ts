import { estimateTokenCount } from "tokenx";

export interface BatchLimits {
  readonly maxValuesPerCall: number;
  readonly maxTokensPerCall: number;
}

/** The texts of one call. */
export interface TextBatch<Entry> {
  readonly entries: readonly Entry[];
  /** Their estimated tokens. */
  readonly tokens: number;
}

/** Splits entries, in their order, into batches within the limits; a text beyond them has a batch of its own. */
export function textBatches<Entry extends { readonly text: string }>(
  entries: readonly Entry[],
  { maxValuesPerCall, maxTokensPerCall }: BatchLimits,
): TextBatch<Entry>[] {
  const batches: { readonly entries: Entry[]; tokens: number }[] = [];
  for (const entry of entries) {
    const tokens = estimateTokenCount(entry.text);
    const last = batches.at(-1);
    const fits = last && last.entries.length < maxValuesPerCall && last.tokens + tokens <= maxTokensPerCall;
    if (fits) {
      last.entries.push(entry);
      last.tokens += tokens;
    } else batches.push({ entries: [entry], tokens });
  }
  return batches;
}
