import { InvalidOptionsError } from "@dmrec/core";

/**
 * Distinct identifiers, one each: the indices where none are given.
 *
 * @throws InvalidOptionsError
 */
export function identifiersOf(
  owner: string,
  path: string,
  ids: readonly string[] | undefined,
  count: number,
): readonly string[] {
  if (ids === undefined) return Array.from({ length: count }, (_, index) => String(index));
  const fail = (message: string) => new InvalidOptionsError(owner, [{ path, message }]);
  if (ids.length !== count) throw fail(`${ids.length} identifiers; expected ${count}`);
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw fail(`${JSON.stringify(id)} is there twice; expected distinct identifiers`);
    seen.add(id);
  }
  return ids;
}
