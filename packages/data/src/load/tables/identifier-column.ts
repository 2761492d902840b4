import { columnNamed } from "../../formats/table/column-names";
import type { Table } from "../../formats/table/table";

/** The column of a table that identifies its rows, and the number of identifiers that it has. */
export interface IdentifierColumn {
  readonly column: string;
  readonly matches: number;
}

/**
 * Finds the column whose values are the most of some identifiers; of equal columns, the one with a usual name, else the first.
 * Undefined if no column has any of them.
 *
 * @throws InvalidDataError naming a line that cannot be read, unless such lines are ignored.
 */
export async function findIdentifierColumn(
  table: Table,
  ids: ReadonlySet<string>,
  { usualNames, candidates, ignoreInvalidLines }: IdentifierSearch,
): Promise<IdentifierColumn | undefined> {
  const matches = new Map(candidates.map((column) => [column, new Set<string>()]));
  for await (const { values } of table.rows(ignoreInvalidLines ? () => {} : undefined))
    for (const [column, found] of matches) {
      const id = identifierText(values[column]);
      if (id !== undefined && ids.has(id)) found.add(id);
    }
  const most = Math.max(...Array.from(matches.values(), ({ size }) => size), 0);
  if (most === 0) return undefined;
  const best = candidates.filter((column) => matches.get(column)?.size === most);
  return { column: columnNamed(best, usualNames) ?? best[0], matches: most };
}

export interface IdentifierSearch {
  readonly usualNames: readonly string[];
  /** The columns to search. */
  readonly candidates: readonly string[];
  readonly ignoreInvalidLines: boolean;
}

/** A value as an identifier. Undefined if it is none. */
export function identifierText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}
