import type { SplitDataset } from "@dmrec/core";
import { itemName } from "@dmrec/data";

/** Names to suggest for one that is unknown. */
const suggestions = 3;

/** Finds the items of a dataset by identifier or name. */
export class ItemFinder {
  readonly #indices = new Map<string, number>();
  readonly #names: readonly string[];

  constructor(data: SplitDataset) {
    this.#names = data.itemIds.map((_, item) => itemName(data, item));
    // Identifiers take precedence over names, and exact names over those in other letters.
    const keys = [data.itemIds, this.#names, this.#names.map(folded)];
    for (const group of keys)
      group.forEach((key, item) => {
        if (!this.#indices.has(key)) this.#indices.set(key, item);
      });
  }

  /**
   * Finds the items of comma-separated identifiers or names. A text that is a name itself, commas and all, is one item.
   *
   * @param fail Makes the error for an unknown item, from a sentence about it.
   */
  find(text: string, fail: (message: string) => Error): number[] {
    const whole = this.#find(text);
    if (whole !== undefined) return [whole];
    return text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => {
        const item = this.#find(part);
        if (item === undefined) throw fail(this.#unknown(part));
        return item;
      });
  }

  #find(text: string): number | undefined {
    return this.#indices.get(text) ?? this.#indices.get(folded(text));
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
