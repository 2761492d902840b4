import { estimateTokenCount } from "tokenx";

export interface BatchLimits {
  readonly maximumValuesPerCall: number;
  readonly maximumTokensPerCall: number;
}

/** Texts that go in one call. */
export interface TextBatch<Entry> {
  readonly entries: readonly Entry[];
  /** About how many tokens they take. */
  readonly tokens: number;
}

/** Entries in their order, in batches within the limits; a text beyond them goes alone. */
export function textBatches<Entry extends { readonly text: string }>(
  entries: readonly Entry[],
  { maximumValuesPerCall, maximumTokensPerCall }: BatchLimits,
): TextBatch<Entry>[] {
  const batches: { readonly entries: Entry[]; tokens: number }[] = [];
  for (const entry of entries) {
    const tokens = estimateTokenCount(entry.text);
    const last = batches.at(-1);
    const fits =
      last && last.entries.length < maximumValuesPerCall && last.tokens + tokens <= maximumTokensPerCall;
    if (fits) {
      last.entries.push(entry);
      last.tokens += tokens;
    } else batches.push({ entries: [entry], tokens });
  }
  return batches;
}
