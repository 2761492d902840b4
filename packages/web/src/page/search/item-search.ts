/** Finds items by what their names contain, however accents and capitals are written. */
export class ItemSearch {
  readonly #names: readonly string[];
  readonly #popularity: readonly number[];

  constructor(names: readonly string[], popularity: readonly number[]) {
    this.#names = names.map(folded);
    this.#popularity = popularity;
  }

  /**
   * The items whose names contain every word of the query: first those that begin with it, then those with words that do; of
   * equal ones the more popular first. Nothing for an empty query.
   */
  find(query: string, count: number, without: ReadonlySet<number> = new Set()): number[] {
    const words = folded(query).split(/\s+/u).filter(Boolean);
    if (words.length === 0) return [];
    const phrase = words.join(" ");
    const found: { readonly item: number; readonly quality: number }[] = [];
    for (const [item, name] of this.#names.entries()) {
      if (without.has(item) || !words.every((word) => name.includes(word))) continue;
      found.push({ item, quality: quality(name, phrase, words) });
    }
    return found
      .sort(
        (a, b) =>
          b.quality - a.quality || this.#popularity[b.item] - this.#popularity[a.item] || a.item - b.item,
      )
      .slice(0, count)
      .map(({ item }) => item);
  }
}

function quality(name: string, phrase: string, words: readonly string[]): number {
  if (name === phrase) return 3;
  if (name.startsWith(phrase)) return 2;
  return words.every((word) => ` ${name}`.includes(` ${word}`)) ? 1 : 0;
}

/** A text without accents and capitals. */
function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
