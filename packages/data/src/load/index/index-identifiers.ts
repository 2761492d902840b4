import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { readBytes } from "../../formats/read-bytes";
import { type FolderListing, findFile } from "../discover/find-file";

/** What decides the indices of users, or of items. */
export interface IdentifierSource {
  readonly what: "user" | "item";
  readonly listing: FolderListing;
  /** Rows of the embeddings, and their file, where there are any. */
  readonly embeddings?: { readonly rowCount: number; readonly file: string } | undefined;
}

/**
 * The identifiers in index order: those of `user_ids.json` or `item_ids.json`, a JSON array; else the integers below the
 * number of embeddings; else those that the interactions have, in the order of their first appearance.
 *
 * @throws InvalidDataError where embeddings could not be told apart: identifiers are no row numbers and no list names them.
 */
export async function orderIdentifiers(
  { what, listing, embeddings }: IdentifierSource,
  seen: readonly string[],
): Promise<string[]> {
  const file = findFile(listing, [`${what}_ids.json`]);
  if (file !== undefined) return checkLength(file, await readIdentifiers(file), embeddings);
  if (!embeddings) return [...seen];
  const stranger = seen.find((id) => !isRowNumber(id, embeddings.rowCount));
  if (stranger !== undefined) {
    throw new InvalidDataError({
      source: embeddings.file,
      actual: `no row is known to be the one of ${what} ${JSON.stringify(stranger)}`,
      expected: `identifiers from 0 to ${embeddings.rowCount - 1}, or a file ${what}_ids.json, an array of identifiers in the order of the rows`,
    });
  }
  return Array.from({ length: embeddings.rowCount }, (_, row) => String(row));
}

function isRowNumber(id: string, rowCount: number): boolean {
  return /^(0|[1-9]\d*)$/.test(id) && Number(id) < rowCount;
}

async function readIdentifiers(file: string): Promise<string[]> {
  const text = (await readBytes(file)).toString("utf8").replace(/^\uFEFF/, "");
  const ids = parseIdentifiers(file, text);
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
    return z.array(z.union([z.string(), z.number()]).transform(String)).parse(JSON.parse(text));
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
