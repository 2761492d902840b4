import type { SplitDataset } from "@dmrec/core";

/** Characters of a profile that tell an item without a name. */
const profileLength = 70;

/** What to call an item: its name, or the title among its attributes; without one, its identifier and how its profile begins. */
export function itemName(
  {
    itemNames,
    itemIds,
    itemAttributes,
    itemProfiles,
  }: Pick<SplitDataset, "itemNames" | "itemIds" | "itemAttributes" | "itemProfiles">,
  item: number,
): string {
  const name = itemNames?.[item] || itemAttributes?.[item]?.title;
  if (name) return name;
  const profile = itemProfiles?.[item];
  if (!profile) return itemIds[item];
  const beginning =
    profile.length > profileLength ? `${profile.slice(0, profileLength).replace(/\s+\S*$/, "")} …` : profile;
  return `${itemIds[item]}: ${beginning}`;
}
