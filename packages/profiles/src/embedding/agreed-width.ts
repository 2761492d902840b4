import type { EmbeddingModel } from "ai";
import { ModelCallError } from "../calls/model-call-error";
import { embeddingModelName, maximumReasks } from "./embedding-call";

/** The width that most embeddings have; `undefined` where there are none, or no width has the most. */
export function agreedWidth(embeddings: Iterable<Float32Array>): number | undefined {
  const counts = new Map<number, number>();
  for (const { length } of embeddings) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [most, next] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] !== next?.[1] ? most[0] : undefined;
}

/** Embeddings that stay of another width than expected. */
export function disagreement(
  model: EmbeddingModel,
  embeddings: Iterable<Float32Array>,
  expected: number | undefined,
): ModelCallError {
  const odd = [...embeddings].filter(({ length }) => length !== expected);
  const others = expected === undefined ? "one width" : `${expected}, as most have`;
  return new ModelCallError(
    "unreadable",
    `${embeddingModelName(model)} gave ${odd.length} embeddings of ${odd[0].length} numbers, ${maximumReasks + 1} times; expected ${others}; where those are right, give their width as an option`,
  );
}
