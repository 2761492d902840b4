import type { ItemAttributes, Json } from "@dmrec/core";

/** The limits of one item, which must not fill the whole context of a model. */
const maximumTags = 50;
const maximumShortText = 300;
const maximumDescription = 4000;

/** The data about an item in a prompt; `undefined` if nothing is known about it. */
export function itemData({ title, tags = [], description, details = {} }: ItemAttributes): Json | undefined {
  const data = {
    ...(title?.trim() ? { title: excerpt(title, maximumShortText) } : {}),
    ...(tags.length > 0
      ? { tags: tags.slice(0, maximumTags).map((tag) => excerpt(tag, maximumShortText)) }
      : {}),
    ...(description?.trim() ? { description: excerpt(description, maximumDescription) } : {}),
    ...(Object.keys(details).length > 0
      ? {
          details: Object.fromEntries(
            Object.entries(details).map(([name, value]) => [
              name,
              typeof value === "string" ? excerpt(value, maximumShortText) : value,
            ]),
          ),
        }
      : {}),
  };
  return Object.keys(data).length > 0 ? data : undefined;
}

/** The start of a text, with an ellipsis if it is truncated; no character is cut in half. */
export function excerpt(text: string, maximumLength: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= maximumLength) return trimmed;
  return `${trimmed.slice(0, maximumLength).replace(/[\ud800-\udbff]$/, "")}…`;
}
