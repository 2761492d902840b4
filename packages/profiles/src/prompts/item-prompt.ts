import type { ItemAttributes, Json } from "@dmrec/core";

/** Longer texts are cut, so that one item cannot take the whole context of a model. */
const maximumLength = 4000;
const maximumTags = 50;

/** What a prompt says of an item; `undefined` where nothing is known about it. */
export function itemData({ title, tags = [], description, details = {} }: ItemAttributes): Json | undefined {
  const data = {
    ...(title?.trim() ? { title: excerpt(title) } : {}),
    ...(tags.length > 0 ? { tags: tags.slice(0, maximumTags).map(excerpt) } : {}),
    ...(description?.trim() ? { description: excerpt(description) } : {}),
    ...(Object.keys(details).length > 0
      ? {
          details: Object.fromEntries(
            Object.entries(details).map(([name, value]) => [
              name,
              typeof value === "string" ? excerpt(value) : value,
            ]),
          ),
        }
      : {}),
  };
  return Object.keys(data).length > 0 ? data : undefined;
}

/** The start of a text, with a mark where it goes on. */
export function excerpt(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= maximumLength ? trimmed : `${trimmed.slice(0, maximumLength)}…`;
}
