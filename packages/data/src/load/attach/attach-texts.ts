import { InvalidDataError } from "@dmrec/core";
import type { WarningHandler } from "../data-warning";
import { knownIdentifier } from "../whole-identifiers";
import { type IdentifiedText, readDescriptionFile } from "./description-file";

export interface AttachOptions {
  /** The identifiers of the data, in index order. */
  readonly ids: readonly string[];
  readonly onWarning: WarningHandler;
}

export interface AttachTextsOptions extends AttachOptions {
  /** Possible names of the text's field or column. */
  readonly fields: readonly string[];
}

/**
 * Reads texts about users or items, in index order: names or profiles. An index that is not in the file gets the empty
 * text. Texts about identifiers that the data does not have are left out with a warning, because a catalogue may hold
 * more items than have interactions.
 *
 * @throws InvalidDataError for a file in none of the forms, or one that describes no identifier of the data.
 */
export async function attachTexts(
  file: string,
  { fields, ids, onWarning }: AttachTextsOptions,
): Promise<string[]> {
  const descriptions = await readDescriptionFile(file, fields);
  return descriptions.kind === "ordered"
    ? inOrder(file, descriptions.texts, ids, onWarning)
    : byId(file, descriptions.texts, ids, onWarning);
}

function inOrder(
  source: string,
  texts: readonly string[],
  ids: readonly string[],
  onWarning: WarningHandler,
): string[] {
  if (texts.length > ids.length) {
    const expected = `at most ${ids.length}, one for each index`;
    throw new InvalidDataError({ source, actual: `${texts.length} texts`, expected });
  }
  if (texts.length < ids.length) {
    const message = `${texts.length} texts for ${ids.length} indices; index ${texts.length} and those after it have none`;
    onWarning({ source, message, count: 1 });
  }
  return ids.map((_, index) => texts[index] ?? "");
}

function byId(
  source: string,
  texts: readonly IdentifiedText[],
  ids: readonly string[],
  onWarning: WarningHandler,
): string[] {
  const present = new Set(ids);
  const unknown = texts.filter(({ id }) => !present.has(knownIdentifier(id, present)));
  if (unknown.length > 0) {
    const [{ id, location }] = unknown;
    const actual = `id ${JSON.stringify(id)}`;
    if (unknown.length === texts.length) {
      const expected = "an identifier of the interactions or embeddings";
      throw new InvalidDataError({ source, location, actual, expected });
    }
    const message = `${actual} is not in the interactions or embeddings; its text is left out`;
    onWarning({ source, location, message, count: unknown.length });
  }
  const textOf = new Map(texts.map(({ id, text }) => [knownIdentifier(id, present), text]));
  return ids.map((id) => textOf.get(id) ?? "");
}
