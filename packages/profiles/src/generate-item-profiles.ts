import type { ItemAttributes } from "@dmrec/core";
import { itemData } from "./prompts/item-prompt";
import { resolveIdentifiers } from "./resolve-identifiers";
import { generateProfiles } from "./run/generate-profiles";
import type { GeneratedProfiles } from "./run/profile-run";
import type { RunOptions } from "./run/run-options";

export interface ItemProfilesOptions extends RunOptions {
  /** The attributes of each item, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /**
   * The identifiers of the items in the store, `[items]`.
   *
   * @default the indices
   */
  readonly itemIds?: readonly string[];
}

/**
 * Has a language model write a profile of each item from its attributes (Zhang et al. 2025, eq. 4). Profiles in the store
 * are not paid again. An item without attributes is `insufficient` without a call.
 *
 * @example
 * const store = await openProfileStore("profile-store");
 * const { profiles, report } = await generateItemProfiles({ model, store, items: [{ title: "Emma" }] });
 * await store.close();
 *
 * @throws ProfileRunError if the run cannot go on; what was paid is in the store.
 * @throws StoreError
 * @throws InvalidOptionsError
 */
export async function generateItemProfiles(options: ItemProfilesOptions): Promise<GeneratedProfiles> {
  const owner = "generateItemProfiles";
  const { items, itemIds, ...run } = options;
  const ids = resolveIdentifiers(`${owner}.itemIds`, itemIds, items.length);
  const dataOf = (item: number) => itemData(items[item]);
  return generateProfiles(owner, { entity: "item", ids, dataOf }, run);
}
