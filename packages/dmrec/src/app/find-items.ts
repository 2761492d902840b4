import type { SplitDataset } from "@dmrec/core";
import { itemName } from "@dmrec/data";

/** Names to suggest for one that is unknown. */
const suggestions = 3;

/** Finds the items of a dataset by identifier or name. */
export class ItemFinder {
  readonly #indices = new Map<string, number>();
  readonly #names: readonly string[];
  /** The most parts that the commas of a name or an identifier divide it into. */
  readonly #mostParts: number;

  constructor(data: SplitDataset) {
    this.#names = data.itemIds.map((_, item) => itemName(data, item));
    // Identifiers take precedence over names, and exact names over those in other letters.
    const keys = [data.itemIds, this.#names, this.#names.map(folded)];
    for (const group of keys)
      group.forEach((key, item) => {
        if (!this.#indices.has(key)) this.#indices.set(key, item);
      });
    this.#mostParts = keys.flat().reduce((most, key) => Math.max(most, key.split(",").length), 1);
  }

  /**
   * Finds the items of comma-separated identifiers or names. A name may have commas: the longest name from each place is taken.
   *
   * @param fail Makes the error for an unknown item, from a sentence about it.
   */
  find(text: string, fail: (message: string) => Error): number[] {
    const parts = text.split(",");
    const items: number[] = [];
    for (let from = 0; from < parts.length; ) {
      const part = parts[from].trim();
      const found = part === "" ? { items: [], to: from + 1 } : this.#longest(parts, from);
      if (!found) throw fail(this.#unknown(part));
      items.push(...found.items);
      from = found.to;
    }
    return items;
  }

  /** The item with the longest name among the parts from a place on, and the place after it. */
  #longest(parts: readonly string[], from: number) {
    for (let to = Math.min(parts.length, from + this.#mostParts); to > from; to -= 1) {
      const item = this.#find(parts.slice(from, to).join(","));
      if (item !== undefined) return { items: [item], to };
    }
    return undefined;
  }

  #find(text: string): number | undefined {
    const indices = this.#indices;
    return indices.get(text) ?? indices.get(text.trim()) ?? indices.get(folded(text));
  }

  #unknown(text: string): string {
    const similar = this.#names.filter((name) => folded(name).includes(folded(text))).slice(0, suggestions);
    const examples = similar.length > 0 ? similar : this.#names.slice(0, suggestions);
    const list = examples.map((name) => JSON.stringify(name)).join(", ");
    return `no item ${JSON.stringify(text)}; expected an identifier or a name, such as ${list}`;
  }
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
