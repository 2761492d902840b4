/** The number of fields of a row, as messages name it. */
export function countedFields({ length }: readonly string[]): string {
  return `${length} ${length === 1 ? "field" : "fields"}`;
}
