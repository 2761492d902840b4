import { InvalidOptionsError, type ItemAttributes } from "@dmrec/core";
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
  const ids = idsOf("generateItemProfiles", "itemIds", itemIds, items.length);
  const subjects = items.map((attributes, index) => ({ id: ids[index], data: itemData(attributes) }));
  return generateProfiles("generateItemProfiles", "item", subjects, run);
}

/** Distinct identifiers, one each: the indices where none are given. */
export function idsOf(
  owner: string,
  path: string,
  ids: readonly string[] | undefined,
  count: number,
): readonly string[] {
  if (ids === undefined) return Array.from({ length: count }, (_, index) => String(index));
  const fail = (message: string) => new InvalidOptionsError(owner, [{ path, message }]);
  if (ids.length !== count) throw fail(`${ids.length} identifiers; expected ${count}`);
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw fail(`${JSON.stringify(id)} is there twice; expected distinct identifiers`);
    seen.add(id);
  }
  return ids;
}
