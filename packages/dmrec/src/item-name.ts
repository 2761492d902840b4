import type { SplitDataset } from "@dmrec/core";

/** Characters of a profile that tell an item without a name. */
const profileLength = 70;

/** What to call an item: its name; without one, its identifier and how its profile begins. */
export function itemName(
  { itemNames, itemIds, itemProfiles }: Pick<SplitDataset, "itemNames" | "itemIds" | "itemProfiles">,
  item: number,
): string {
  if (itemNames?.[item]) return itemNames[item];
  const profile = itemProfiles?.[item];
  if (!profile) return itemIds[item];
  const beginning =
    profile.length > profileLength ? `${profile.slice(0, profileLength).replace(/\s+\S*$/, "")} …` : profile;
  return `${itemIds[item]}: ${beginning}`;
}
