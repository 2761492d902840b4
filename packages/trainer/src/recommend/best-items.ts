import type { Recommendation, SplitDataset } from "@dmrec/core";
import { itemName } from "@dmrec/data";
import { topK } from "@dmrec/eval";

export interface BestItemsOptions {
  /** Names the items. Without it an item's index is its identifier and name. */
  readonly data: SplitDataset | undefined;
  /** Items to leave out. */
  readonly seenItems: Iterable<number>;
  readonly count: number;
}

/** The items with the best scores, best first. */
export function bestItems(
  scores: Float32Array,
  { data, seenItems, count }: BestItemsOptions,
): Recommendation[] {
  const ranked = scores.slice();
  for (const item of seenItems) ranked[item] = Number.NEGATIVE_INFINITY;
  return Array.from(topK(ranked, count), (item) => ({
    item,
    itemId: data?.itemIds[item] ?? String(item),
    name: data ? itemName(data, item) : String(item),
    score: scores[item],
  }));
}
