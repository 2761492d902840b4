import { type SparseRows, sparseRows } from "@dmrec/linear-algebra";
import { wordsOf } from "./words";

/** The words that an encoder knows, with their weights. */
export interface Vocabulary {
  /** From the most frequent to the rarest. */
  readonly terms: readonly string[];
  /** `[terms]`, ln((1 + texts) / (1 + texts with the term)) + 1. */
  readonly inverseDocumentFrequencies: Float32Array;
}

export interface VocabularyOptions {
  /** Words of fewer texts are left out. */
  readonly minimumDocumentFrequency: number;
  /** The most frequent words that are kept. */
  readonly maximumTerms: number;
}

/** The vocabulary of some texts. Those without a word do not count. */
export function vocabularyOf(
  texts: readonly string[],
  { minimumDocumentFrequency, maximumTerms }: VocabularyOptions,
): Vocabulary {
  const frequencies = new Map<string, number>();
  let count = 0;
  for (const text of texts) {
    const words = new Set(wordsOf(text));
    if (words.size > 0) count += 1;
    for (const word of words) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  }
  // Ties by code units, so that the order of the texts does not matter.
  const kept = [...frequencies]
    .filter(([, frequency]) => frequency >= minimumDocumentFrequency)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, maximumTerms);
  return {
    terms: kept.map(([term]) => term),
    inverseDocumentFrequencies: Float32Array.from(
      kept,
      ([, frequency]) => Math.log((1 + count) / (1 + frequency)) + 1,
    ),
  };
}

/**
 * The weights of the terms in each text, rows of length 1: (1 + ln count) · inverse document frequency. Unknown words
 * count for nothing.
 */
export class TermWeights {
  readonly #indices: ReadonlyMap<string, number>;
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#indices = new Map(vocabulary.terms.map((term, index) => [term, index]));
  }

  /** `[texts with a word, terms]` */
  of(texts: readonly string[]): SparseRows {
    return sparseRows(this.#rows(texts), this.#vocabulary.terms.length);
  }

  /** The weights of one text. */
  ofText(text: string): readonly (readonly [term: number, weight: number])[] {
    return this.#row(wordsOf(text));
  }

  /** The words of a text that are in the vocabulary, in their order. */
  knownWords(text: string): string[] {
    return wordsOf(text).filter((word) => this.#indices.has(word));
  }

  /** Splits each text into words again: the words of all texts take many times the memory of their weights. */
  *#rows(texts: readonly string[]) {
    for (const text of texts) {
      const words = wordsOf(text);
      if (words.length > 0) yield this.#row(words);
    }
  }

  #row(words: readonly string[]): (readonly [number, number])[] {
    const counts = new Map<number, number>();
    for (const word of words) {
      const index = this.#indices.get(word);
      if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const { inverseDocumentFrequencies } = this.#vocabulary;
    const weights = Array.from(
      counts,
      ([index, count]) => [index, (1 + Math.log(count)) * inverseDocumentFrequencies[index]] as const,
    );
    const length = Math.hypot(...weights.map(([, weight]) => weight));
    return weights.map(([index, weight]) => [index, weight / length]);
  }
}
