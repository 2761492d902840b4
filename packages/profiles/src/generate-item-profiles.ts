import type { ItemAttributes } from "@dmrec/core";
import { identifiersOf } from "./identifiers";
import { itemData } from "./prompts/item-prompt";
import { type GeneratedProfiles, generateProfiles } from "./run/generate-profiles";
import type { RunOptions } from "./run/run-options";

export interface ItemProfilesOptions extends RunOptions {
  /** What is known about each item, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** The items' identifiers, `[items]`; indices where absent. */
  readonly itemIds?: readonly string[];
}

/**
 * Has a language model write a profile of each item from its attributes (Zhang et al. 2025, eq. 4). What the store has is
 * not paid again; an item that nothing is known about is `insufficient` without a call.
 *
 * @throws ProfileRunError where the run cannot go on; what was paid is in the store.
 * @throws InvalidOptionsError
 */
export async function generateItemProfiles(options: ItemProfilesOptions): Promise<GeneratedProfiles> {
  const { items, itemIds, ...run } = options;
  const ids = identifiersOf("generateItemProfiles", "itemIds", itemIds, items.length);
  const dataOf = (item: number) => itemData(items[item]);
  return generateProfiles("generateItemProfiles", "item", { ids, dataOf }, run);
}
