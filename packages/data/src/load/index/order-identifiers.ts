import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { parseJson } from "../../files/parse-json";
import { readText } from "../../files/read-file";
import { knownIdentifier } from "../whole-identifiers";

/** The files that decide the indices of users, or of items. */
export interface IdentifierSource {
  readonly entity: "user" | "item";
  /** A file of identifiers in index order. */
  readonly listFile: string | undefined;
  /** The number of rows of the embeddings, and their file. */
  readonly embeddings: { readonly rowCount: number; readonly file: string } | undefined;
}

/**
 * Orders identifiers by index: those of `user_ids.json` or `item_ids.json`, or the integers below the number of
 * embeddings, or those of the interactions in the order of their first appearance.
 *
 * @throws InvalidDataError if there are embeddings, no list of identifiers, and identifiers that are not row numbers.
 */
export async function orderIdentifiers(
  { entity, listFile, embeddings }: IdentifierSource,
  appearing: readonly string[],
): Promise<readonly string[]> {
  if (listFile !== undefined) {
    const present = new Set(appearing);
    const ids = (await readIdentifiers(listFile)).map((id) => knownIdentifier(id, present));
    return checkLength(listFile, ids, embeddings);
  }
  if (!embeddings) return appearing;
  const unknown = appearing.find((id) => !isRowNumber(id, embeddings.rowCount));
  if (unknown !== undefined) {
    throw new InvalidDataError({
      source: embeddings.file,
      actual: `no row is known to belong to ${entity} ${JSON.stringify(unknown)}`,
      expected: `identifiers from 0 to ${embeddings.rowCount - 1}, or a file ${entity}_ids.json, an array of identifiers in the order of the rows`,
    });
  }
  return Array.from({ length: embeddings.rowCount }, (_, row) => String(row));
}

function isRowNumber(id: string, rowCount: number): boolean {
  return /^(0|[1-9]\d*)$/.test(id) && Number(id) < rowCount;
}

async function readIdentifiers(file: string): Promise<string[]> {
  const ids = parseIdentifiers(file, await readText(file));
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    const earlier = rows.get(id);
    if (earlier !== undefined) {
      const [location, actual] = [`entry ${row}`, `${JSON.stringify(id)}, as in entry ${earlier}`];
      throw new InvalidDataError({ source: file, location, actual, expected: "distinct identifiers" });
    }
    rows.set(id, row);
  });
  return ids;
}

function parseIdentifiers(source: string, text: string): string[] {
  try {
    return z.array(z.union([z.string(), z.number()]).transform(String)).parse(parseJson(source, text));
  } catch (cause) {
    const expected = "a JSON array of identifiers";
    throw new InvalidDataError({ source, actual: "other content", expected, cause });
  }
}

function checkLength(file: string, ids: string[], embeddings: IdentifierSource["embeddings"]): string[] {
  if (embeddings && ids.length !== embeddings.rowCount) {
    const expected = `${embeddings.rowCount}, the rows of ${embeddings.file}`;
    throw new InvalidDataError({ source: file, actual: `${ids.length} identifiers`, expected });
  }
  return ids;
}
