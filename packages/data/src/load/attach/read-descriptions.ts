import { InvalidDataError } from "@dmrec/core";
import type { WarningHandler } from "../data-warning";
import { type IdentifiedText, readDescriptionFile } from "./description-file";

export interface DescriptionsOptions {
  /** What the field or column of the text may be called. */
  readonly fields: readonly string[];
  /** The identifiers of the data, in index order. */
  readonly ids: readonly string[];
  readonly onWarning: WarningHandler;
}

/**
 * Texts about users or items, in index order: names or profiles. Who is not in the file gets the empty text. Texts about
 * identifiers that the data does not have are left out with a warning: a catalogue may hold more than was interacted with.
 *
 * @throws InvalidDataError for a file in none of the forms, or one that describes no identifier of the data.
 */
export async function readDescriptions(
  file: string,
  { fields, ids, onWarning }: DescriptionsOptions,
): Promise<string[]> {
  const descriptions = await readDescriptionFile(file, fields);
  return descriptions.kind === "ordered"
    ? inOrder(file, descriptions.texts, ids)
    : byId(file, descriptions.texts, ids, onWarning);
}

function inOrder(source: string, texts: readonly string[], ids: readonly string[]): string[] {
  if (texts.length > ids.length) {
    const expected = `at most ${ids.length}, one for each index`;
    throw new InvalidDataError({ source, actual: `${texts.length} texts`, expected });
  }
  return ids.map((_, index) => texts[index] ?? "");
}

function byId(
  source: string,
  texts: readonly IdentifiedText[],
  ids: readonly string[],
  onWarning: WarningHandler,
): string[] {
  const known = new Set(ids);
  const strangers = texts.filter(({ id }) => !known.has(id));
  if (strangers.length > 0) {
    const [{ id, location }] = strangers;
    const actual = `id ${JSON.stringify(id)}`;
    if (strangers.length === texts.length) {
      const expected = "an identifier that the interactions or embeddings know";
      throw new InvalidDataError({ source, location, actual, expected });
    }
    const message = `${actual} is none of the interactions or embeddings; its text is left out`;
    onWarning({ source, location, message, count: strangers.length });
  }
  const textOf = new Map(texts.map(({ id, text }) => [id, text]));
  return ids.map((id) => textOf.get(id) ?? "");
}
