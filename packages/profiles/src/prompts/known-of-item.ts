import type { ItemAttributes, Json } from "@dmrec/core";
import type { Profile } from "../profile";
import { excerpt } from "./item-prompt";

const maximumTitle = 300;
/** The limit of descriptions, which are shown for items without a profile. */
const maximumDescription = 600;

/** The data about one of several items in a prompt; `undefined` if nothing is known about it. */
export function knownOfItem(
  attributes: ItemAttributes | undefined,
  profile: Profile | undefined,
): { readonly [name: string]: Json } | undefined {
  const title = attributes?.title?.trim();
  const summary = profile?.status === "ok" ? profile.summary : undefined;
  const description = summary ? undefined : attributes?.description?.trim();
  if (!title && !summary && !description) return undefined;
  return {
    ...(title ? { title: excerpt(title, maximumTitle) } : {}),
    ...(summary ? { profile: summary } : {}),
    ...(description ? { description: excerpt(description, maximumDescription) } : {}),
  };
}
