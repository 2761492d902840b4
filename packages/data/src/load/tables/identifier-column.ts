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
  const sizeIn = (sets: ReadonlyMap<string, ReadonlySet<string>>, column: string) =>
    sets.get(column)?.size ?? 0;
  const most = Math.max(
    ...candidates.map((column) => Math.max(sizeIn(matches, column), sizeIn(wholeMatches, column))),
    0,
  );
  if (most === 0) return undefined;
  const best = candidates.filter((column) => sizeIn(matches, column) === most);
  const isDecimal = best.length === 0;
  const equal = isDecimal ? candidates.filter((column) => sizeIn(wholeMatches, column) === most) : best;
  return { column: columnNamed(equal, usualNames) ?? equal[0], matches: most, isDecimal };
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
