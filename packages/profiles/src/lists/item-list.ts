import type { ItemAttributes, Json } from "@dmrec/core";
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
