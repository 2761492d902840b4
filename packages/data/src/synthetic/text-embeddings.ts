import type { DenseMatrix, RandomGenerator } from "@dmrec/core";

/**
 * Embeddings of texts, rows of length 1: the mean of random word vectors, weighted by inverse document frequency.
 *
 * Every word has a vector of its own from the seed, so texts that share rare words are close to each other.
 */
export function embedTexts(
  texts: readonly string[],
  width: number,
  wordWeights: ReadonlyMap<string, number>,
  random: RandomGenerator,
): DenseMatrix {
  const vectors = new Map<string, Float32Array>();
  const vectorOf = (word: string) => {
    const vector = vectors.get(word) ?? random.fork("word", word).fillNormal(new Float32Array(width));
    vectors.set(word, vector);
    return vector;
  };
  const values = new Float32Array(texts.length * width);
  texts.forEach((text, row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    for (const word of wordsOf(text)) {
      const weight = wordWeights.get(word) ?? 0;
      vectorOf(word).forEach((value, column) => {
        own[column] += weight * value;
      });
    }
    const length = Math.hypot(...own);
    if (length > 0) own.set(own.map((value) => value / length));
  });
  return { rowCount: texts.length, columnCount: width, values };
}

/** The inverse document frequency of each word, log(1 + texts / texts with it). */
export function inverseDocumentFrequencies(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, Math.log(1 + texts.length / count)]));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z-]+/g) ?? [];
}
