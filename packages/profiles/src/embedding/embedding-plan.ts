import { type DenseMatrix, InvalidDataError } from "@dmrec/core";
import { type MissingPolicy, meanOf } from "./missing-rows";

/** A text as a model gets it, and what its embedding is kept under. */
export interface EmbeddableText {
  readonly key: string;
  readonly text: string;
}

/** The distinct texts of a run, and the embeddings that there are of them. */
export class EmbeddingPlan {
  readonly #texts: ReadonlyMap<string, EmbeddableText>;
  readonly #givenWidth: number | undefined;
  readonly #embeddings = new Map<string, Float32Array>();
  readonly #made = new Set<string>();

  /** `stored` gives the embedding of a key that is there already. */
  constructor(
    texts: readonly EmbeddableText[],
    width: number | undefined,
    stored: (key: string) => Float32Array | undefined,
  ) {
    this.#texts = new Map(texts.map((text) => [text.key, text]));
    this.#givenWidth = width;
    for (const key of this.#texts.keys()) {
      const embedding = stored(key);
      if (embedding) this.#embeddings.set(key, embedding);
    }
  }

  /** Distinct texts. */
  get total(): number {
    return this.#texts.size;
  }

  /** Of these, how many were embedded now. */
  get made(): number {
    return this.#made.size;
  }

  /** The width that was given, or that most embeddings have; `undefined` where none has the most. */
  get width(): number | undefined {
    if (this.#givenWidth !== undefined) return this.#givenWidth;
    const counts = new Map<number, number>();
    for (const { length } of this.#embeddings.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
    const [most, next] = [...counts].sort(([, a], [, b]) => b - a);
    return most && most[1] !== next?.[1] ? most[0] : undefined;
  }

  /** The texts whose embedding is missing, or of another width. */
  open(): readonly EmbeddableText[] {
    const { width } = this;
    return [...this.#texts.values()].filter(({ key }) => {
      const embedding = this.#embeddings.get(key);
      return embedding === undefined || embedding.length !== width;
    });
  }

  take(entries: readonly (readonly [key: string, embedding: Float32Array])[]): void {
    for (const [key, embedding] of entries) {
      this.#embeddings.set(key, embedding);
      this.#made.add(key);
    }
  }

  /** Embeddings that stay of another width, in words. */
  disagreement(): string {
    const { width } = this;
    const odd = [...this.#embeddings.values()].filter(({ length }) => length !== width);
    const expected = width === undefined ? "one width" : `${width}, as most have`;
    return `${odd.length} embeddings of ${odd[0].length} numbers; expected ${expected} (where these are right, give their width)`;
  }

  /** `[rows, width]`: the embedding of each row's text, and for rows without one what `missing` says. */
  matrix(texts: readonly (EmbeddableText | undefined)[], missing: MissingPolicy): DenseMatrix {
    const { width } = this;
    if (width === undefined) {
      const expected = "at least one text, or the width that rows of zeros should have";
      throw new InvalidDataError({ source: "the profiles", actual: "no text at all", expected });
    }
    const rows = texts.map((text) => text && this.#embeddings.get(text.key));
    const given = rows.filter((row) => row !== undefined);
    const filler = missing === "mean" ? meanOf(given, width) : new Float32Array(width);
    const values = new Float32Array(rows.length * width);
    for (const [index, row] of rows.entries()) values.set(row ?? filler, index * width);
    return { rowCount: rows.length, columnCount: width, values };
  }
}
