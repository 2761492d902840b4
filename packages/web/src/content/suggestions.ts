import type { ItemAttributes } from "@dmrec/core";

/** Words to begin with: the most frequent tags of the items, such as genres, the most frequent first. */
export function suggestionsOf(items: readonly ItemAttributes[] | undefined, count = 8): string[] {
  const frequencies = new Map<string, number>();
  for (const { tags = [] } of items ?? [])
    for (const tag of new Set(tags)) frequencies.set(tag, (frequencies.get(tag) ?? 0) + 1);
  return [...frequencies]
    .filter(([tag]) => tag.length <= 40)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([tag]) => tag);
}
