import type { SplitDataset } from "@dmrec/core";

/** Characters of the profile that describes an item without a name. */
const profileLength = 70;

/** The name of an item for people: its name or title, else its identifier and the beginning of its profile. */
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
