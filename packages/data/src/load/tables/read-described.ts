import type { ItemAttributes } from "@dmrec/core";
import type { InvalidLineHandler, Table, TableValues } from "../../formats/table/table";
import { wholeNumber } from "../whole-identifiers";
import { attributesOf } from "./attributes-of";
import { type IdentifierColumn, identifierText } from "./identifier-column";
import type { TextColumns } from "./text-columns";

/** The rows of a table about some identifiers. */
export interface Described {
  /** In the order of the identifiers; `{}` for those without a row. */
  readonly attributes: readonly ItemAttributes[];
  /** The values of the kept columns, in the order of the identifiers; undefined for those without a row. */
  readonly rows: readonly (TableValues | undefined)[];
  /** Identifiers with a row. */
  readonly found: number;
  /** The first identifier without a row. */
  readonly firstMissing: string | undefined;
  /** Rows about other identifiers, or none. */
  readonly unknownRows: number;
  /** Rows about an identifier that has a row already. */
  readonly repeatedRows: number;
}

/**
 * Reads the rows of a table about some identifiers. Of two rows about one, the first counts.
 *
 * @param kept Columns whose values are returned as they are.
 * @throws InvalidDataError naming the line, unless a handler of invalid lines is given.
 */
export async function readDescribed(
  table: Table,
  {
    identifier,
    ids,
    texts,
    kept,
  }: { identifier: IdentifierColumn; ids: readonly string[]; texts: TextColumns; kept: readonly string[] },
  onInvalidLine: InvalidLineHandler | undefined,
): Promise<Described> {
  const present = new Set(ids);
  const attributes = new Map<string, ItemAttributes>();
  const rows = new Map<string, TableValues>();
  let [unknownRows, repeatedRows] = [0, 0];
  for await (const { values } of table.rows(onInvalidLine)) {
    const text = identifierText(values[identifier.column]);
    const id = identifier.isDecimal && text !== undefined ? wholeNumber(text) : text;
    if (id === undefined || !present.has(id)) unknownRows += 1;
    else if (attributes.has(id)) repeatedRows += 1;
    else {
      attributes.set(id, attributesOf(values, texts, table.wordColumns));
      rows.set(id, Object.fromEntries(kept.map((name) => [name, values[name]])));
    }
  }
  return {
    attributes: ids.map((id) => attributes.get(id) ?? {}),
    rows: ids.map((id) => rows.get(id)),
    found: attributes.size,
    firstMissing: ids.find((id) => !attributes.has(id)),
    unknownRows,
    repeatedRows,
  };
}
