import type { Tokenizer } from "@huggingface/tokenizers";
import type { TokenizedText } from "../token-batches";

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
