import { type FileInteractions, isLog } from "./read/read-interactions";

/** A whole number as a decimal: pandas writes a column of whole numbers so if it has gaps. */
const decimal = /^-?\d+\.0$/;

/** True if all of some identifiers are whole numbers as decimals. */
export function areDecimals(ids: readonly string[]): boolean {
  return ids.length > 0 && ids.every((id) => decimal.test(id));
}

/** The whole number of a decimal, `1` of `1.0`; undefined for any other text. */
export function wholeNumber(id: string): string | undefined {
  return decimal.test(id) ? id.slice(0, -2) : undefined;
}

/** Returns `1` for `1.0` if only `1` is present, and any other identifier as it is. */
export function knownIdentifier(id: string, present: { has(id: string): boolean }): string {
  const whole = present.has(id) ? undefined : wholeNumber(id);
  return whole !== undefined && present.has(whole) ? whole : id;
}

/** Converts identifiers such as `1.0` to `1` if all identifiers of the users, or of the items, have that form. */
export function withWholeIdentifiers(read: FileInteractions): FileInteractions {
  return isLog(read) ? { ...read, userIds: whole(read.userIds), itemIds: whole(read.itemIds) } : read;
}

function whole(ids: readonly string[]): readonly string[] {
  return areDecimals(ids) ? ids.map((id) => wholeNumber(id) ?? id) : ids;
}
