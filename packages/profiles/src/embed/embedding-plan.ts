import { type DenseMatrix, InvalidDataError } from "@dmrec/core";
import { type MissingPolicy, meanOf } from "./missing-rows";

/** A text as passed to a model, and the key of its embedding in the store. */
export interface EmbeddableText {
  readonly key: string;
  readonly text: string;
}

/** The distinct texts of a run, and their embeddings so far. */
export class EmbeddingPlan {
  readonly #texts: ReadonlyMap<string, EmbeddableText>;
  readonly #ownWidth: number | undefined;
  readonly #embeddings = new Map<string, Float32Array>();
  readonly #made = new Set<string>();

  /**
   * @param width The width that all embeddings must have, if the caller knows it.
   * @param stored The stored embedding of a key.
   */
  constructor(
    texts: readonly EmbeddableText[],
    width: number | undefined,
    stored: (key: string) => Float32Array | undefined,
  ) {
    this.#texts = new Map(texts.map((text) => [text.key, text]));
    this.#ownWidth = width;
    for (const key of this.#texts.keys()) {
      const embedding = stored(key);
      if (embedding) this.#embeddings.set(key, embedding);
    }
  }

  /** Distinct texts. */
  get total(): number {
    return this.#texts.size;
  }

  /** Distinct texts that were embedded now. */
  get made(): number {
    return this.#made.size;
  }

  /** The width that the caller knows, or that most embeddings have; `undefined` if there is a tie. */
  get width(): number | undefined {
    if (this.#ownWidth !== undefined) return this.#ownWidth;
    const counts = new Map<number, number>();
    for (const { length } of this.#embeddings.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
    const [most, next] = [...counts].sort(([, a], [, b]) => b - a);
    return most && most[1] !== next?.[1] ? most[0] : undefined;
  }

  /** Texts whose embedding is missing or of another width. */
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

  /** A description of embeddings that keep another width. */
  disagreement(): string {
    const { width } = this;
    const odd = [...this.#embeddings.values()].filter(({ length }) => length !== width);
    const expected = width === undefined ? "one width" : `${width}, as most have`;
    return `${odd.length} embeddings of ${odd[0].length} numbers; expected ${expected} (if these are right, set the option width)`;
  }

  /** `[rows, width]`: the embedding of each row's text; rows without one are filled according to `missing`. */
  matrix(texts: readonly (EmbeddableText | undefined)[], missing: MissingPolicy): DenseMatrix {
    const { width } = this;
    if (width === undefined) {
      const expected = "at least one text, or the width that rows of zeros should have";
      throw new InvalidDataError({ source: "the profiles", actual: "no text at all", expected });
    }
    const rows = texts.map((text) => text && this.#embeddings.get(text.key));
    const present = rows.filter((row) => row !== undefined);
    const filler = missing === "mean" ? meanOf(present, width) : new Float32Array(width);
    const values = new Float32Array(rows.length * width);
    for (const [index, row] of rows.entries()) values.set(row ?? filler, index * width);
    return { rowCount: rows.length, columnCount: width, values };
  }
}
