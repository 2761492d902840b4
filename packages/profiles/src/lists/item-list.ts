import { type ItemAttributes, invalidOption, type Json, type TrainingInteractions } from "@dmrec/core";
import type { Profile } from "../profile";
import { knownOfItem } from "../prompts/known-of-item";

/** The attributes and profiles of all items. */
export interface KnownItems {
  readonly items: readonly ItemAttributes[];
  readonly itemProfiles: readonly (Profile | undefined)[];
}

/** The items of a list about which something is known, so that a model can tell them apart. */
export function knownItems({ items, itemProfiles }: KnownItems, list: readonly number[]): readonly number[] {
  return list.filter((item) => knownOfItem(items[item], itemProfiles[item]) !== undefined);
}

/** A list of items in a prompt, numbered from 1. */
export function numberedItems({ items, itemProfiles }: KnownItems, list: readonly number[]): Json {
  return list.map((item, index) => ({ number: index + 1, ...knownOfItem(items[item], itemProfiles[item]) }));
}

/**
 * Checks that there is a list for each user, of different items.
 *
 * @param path The function and the option, e.g. `generateItemChoices.candidates`.
 * @throws InvalidOptionsError
 */
export function assertItemLists(
  path: string,
  lists: readonly (readonly number[])[],
  { userCount, itemCount }: Pick<TrainingInteractions, "userCount" | "itemCount">,
): void {
  if (lists.length !== userCount)
    throw invalidOption(path, `${lists.length} lists; expected ${userCount}, one for each user`);
  for (const [user, list] of lists.entries()) {
    for (const item of list)
      if (!(Number.isInteger(item) && item >= 0 && item < itemCount))
        throw invalidOption(`${path}.${user}`, `item ${item}; expected an index from 0 to ${itemCount - 1}`);
    if (new Set(list).size < list.length)
      throw invalidOption(`${path}.${user}`, "an item twice; expected different items");
  }
}
