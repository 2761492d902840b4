import { columnNamed } from "../../formats/table/column-names";
import type { Table } from "../../formats/table/table";
import { wholeNumber } from "../whole-identifiers";

/** The column of a table that identifies its rows, and the number of identifiers that it has. */
export interface IdentifierColumn {
  readonly column: string;
  readonly matches: number;
  /** Its values are decimals such as `1.0`, and the identifiers whole numbers such as `1`. */
  readonly isDecimal: boolean;
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
  const newSets = () => new Map(candidates.map((column) => [column, new Set<string>()]));
  const matches = newSets();
  // Those of columns whose values are decimals so far.
  const wholeMatches = newSets();
  for await (const { values } of table.rows(ignoreInvalidLines ? () => {} : undefined))
    for (const [column, found] of matches) {
      const id = identifierText(values[column]);
      if (id === undefined) continue;
      if (ids.has(id)) found.add(id);
      const whole = wholeNumber(id);
      if (whole === undefined) wholeMatches.delete(column);
      else if (ids.has(whole)) wholeMatches.get(column)?.add(whole);
    }
  const exact = (column: string) => matches.get(column)?.size ?? 0;
  const whole = (column: string) => wholeMatches.get(column)?.size ?? 0;
  const size = (column: string) => Math.max(exact(column), whole(column));
  const most = Math.max(...candidates.map(size), 0);
  if (most === 0) return undefined;
  const best = candidates.filter((column) => size(column) === most);
  // A column without a name numbers the rows.
  const column = columnNamed(best, usualNames) ?? best.find((name) => name !== "") ?? best[0];
  return { column, matches: most, isDecimal: exact(column) < most };
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
