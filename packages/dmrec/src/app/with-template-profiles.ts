import type { ItemAttributes, SplitDataset } from "@dmrec/core";
import { type Profile, templateItemProfiles, templateUserProfiles } from "@dmrec/profiles";

/**
 * Returns the data with profiles by templates, if it lacks some: profiles of items from their names, attributes and texts,
 * and profiles of users from their training items and from texts about them. Data that says nothing about its items is
 * returned as it is.
 *
 * @example
 * const { data, encoder } = await embedDataset(withTemplateProfiles(await loadDataset("ml-latest-small")));
 */
export function withTemplateProfiles(data: SplitDataset): SplitDataset {
  const items = knownAttributes(data);
  if (!items || (data.itemProfiles && data.userProfiles)) return data;
  const { train, userTexts, itemProfiles, userProfiles } = data;
  return {
    ...data,
    itemProfiles: itemProfiles ?? templateItemProfiles(items).map(profileText),
    userProfiles:
      userProfiles ??
      templateUserProfiles({ train, items: withProfiles(items, itemProfiles) }).map((profile, user) =>
        [userTexts?.[user], profileText(profile)].filter((text) => text).join(" "),
      ),
  };
}

/** The attributes of the items with their names. Undefined if nothing is known about them. */
function knownAttributes({
  itemAttributes,
  itemNames,
  itemProfiles,
  itemCount,
}: SplitDataset): readonly ItemAttributes[] | undefined {
  if (!itemAttributes && !itemNames && !itemProfiles) return undefined;
  return Array.from({ length: itemCount }, (_, item) => {
    const [title, attributes] = [itemNames?.[item], itemAttributes?.[item]];
    return { ...(title ? { title } : {}), ...attributes };
  });
}

/** Attributes with given profiles as the descriptions of items that have none. */
function withProfiles(
  items: readonly ItemAttributes[],
  profiles: readonly string[] | undefined,
): readonly ItemAttributes[] {
  if (!profiles) return items;
  return items.map((attributes, item) =>
    profiles[item] ? { description: profiles[item], ...attributes } : attributes,
  );
}

function profileText(profile: Profile): string {
  return profile.status === "ok" ? profile.summary : "";
}
