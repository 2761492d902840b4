import { invalidOption } from "@dmrec/core";

/**
 * Checks that identifiers are distinct and `count` in number. Returns the indices if there are none.
 *
 * @param path The function and the option, e.g. `generateItemProfiles.itemIds`.
 * @throws InvalidOptionsError
 */
export function resolveIdentifiers(
  path: string,
  ids: readonly string[] | undefined,
  count: number,
): readonly string[] {
  if (ids === undefined) return Array.from({ length: count }, (_, index) => String(index));
  if (ids.length !== count) throw invalidOption(path, `${ids.length} identifiers; expected ${count}`);
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id))
      throw invalidOption(path, `${JSON.stringify(id)} is there twice; expected distinct identifiers`);
    seen.add(id);
  }
  return ids;
}
