import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { formatExtension } from "../../files/format-extension";
import { parseJson } from "../../files/parse-json";
import { readText } from "../../files/read-file";
import { readPickledProfiles } from "../../formats/pickle/pickled-profiles";
import { usualColumnNames } from "../../formats/table/column-names";
import { countedFields } from "../../formats/table/counted-fields";
import { delimitedFields } from "../../formats/table/delimited-fields";

/** A text about one user or item, with its place in the file. */
export interface IdentifiedText {
  readonly id: string;
  readonly text: string;
  readonly location: string;
}

/** The content of a file: texts in index order, or texts with identifiers. */
export type DescriptionFile =
  | { readonly kind: "ordered"; readonly texts: readonly string[] }
  | { readonly kind: "identified"; readonly texts: readonly IdentifiedText[] };

const entrySchema = z.object({ id: z.union([z.number(), z.string()]) }).loose();
const jsonSchema = z.union([z.array(z.string()), z.array(entrySchema), z.record(z.string(), z.string())]);

/**
 * Reads texts about users or items: names or profiles.
 *
 * JSON: an array of strings in index order, an array of `{ id, <field> }`, or an object from identifier to text. JSON
 * lines: `{ id, <field> }` each, null for no text. CSV: columns `id` and `<field>`. A pickle: RLMRec's profiles by index.
 * Any other file: a text in each line, in index order.
 *
 * @throws InvalidDataError
 */
export async function readDescriptionFile(file: string, fields: readonly string[]): Promise<DescriptionFile> {
  if (formatExtension(file) === ".pkl") return fromPickle(await readPickledProfiles(file));
  const text = await readText(file);
  const lines = () => text.replace(/\r?\n$/, "").split(/\r?\n/);
  switch (formatExtension(file)) {
    case ".json":
      return fromJson(file, text, fields);
    case ".jsonl":
      return { kind: "identified", texts: fromJsonLines(file, lines(), fields) };
    case ".csv":
      return { kind: "identified", texts: fromTable(file, lines(), fields) };
    default:
      return { kind: "ordered", texts: lines() };
  }
}

function fromPickle(profiles: ReadonlyMap<number, { readonly profile: string }>): DescriptionFile {
  const texts = Array.from(profiles, ([index, { profile }]) => ({
    id: String(index),
    text: profile,
    location: `index ${index}`,
  }));
  return { kind: "identified", texts };
}

function fromJson(source: string, text: string, fields: readonly string[]): DescriptionFile {
  const parsed = jsonSchema.safeParse(parseJson(source, text));
  if (!parsed.success) {
    const expected = `an array of texts, an array of { id, ${fields.join(" or ")} }, or an object from identifier to text`;
    throw new InvalidDataError({ source, actual: "JSON of another form", expected });
  }
  const { data } = parsed;
  if (!Array.isArray(data)) {
    const texts = Object.entries(data).map(([id, described]) => ({
      id,
      text: described,
      location: `key ${JSON.stringify(id)}`,
    }));
    return { kind: "identified", texts };
  }
  if (data.every((value) => typeof value === "string")) return { kind: "ordered", texts: data };
  const texts = data.map((value, index) => identified({ source, location: `entry ${index}` }, value, fields));
  return { kind: "identified", texts };
}

function fromJsonLines(
  source: string,
  lines: readonly string[],
  fields: readonly string[],
): IdentifiedText[] {
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const place = { source, location: `line ${index + 1}` };
    return [identified(place, parseJson(source, line, place.location), fields)];
  });
}

interface Place {
  readonly source: string;
  readonly location: string;
}

function identified(place: Place, value: unknown, fields: readonly string[]): IdentifiedText {
  const entry = entrySchema.safeParse(value).data;
  const described = fields.map((field) => entry?.[field]).find((part) => part !== undefined);
  if (entry && (typeof described === "string" || described === null))
    return { id: String(entry.id), text: described ?? "", location: place.location };
  const expected = `an id and a text in ${fields.join(" or ")}`;
  throw new InvalidDataError({ ...place, actual: "no text", expected });
}

/** Possible names of the column of identifiers. */
const idColumns = ["id", ...usualColumnNames.item, ...usualColumnNames.user];

function fromTable(source: string, lines: readonly string[], fields: readonly string[]): IdentifiedText[] {
  const rows = lines.map((line, index) => {
    const row = delimitedFields(line, ",");
    if (row) return { row, location: `line ${index + 1}` };
    const location = `line ${index + 1}`;
    throw new InvalidDataError({ source, location, actual: "a quote is left open", expected: 'a closing "' });
  });
  const header = rows[0].row.map((name) => name.trim().toLowerCase());
  const idColumn = header.findIndex((name) => idColumns.includes(name));
  const textColumn = header.findIndex((name) => fields.includes(name));
  if (idColumn < 0 || textColumn < 0) {
    const actual = `columns ${header.map((name) => JSON.stringify(name)).join(", ")}`;
    throw new InvalidDataError({
      source,
      actual,
      expected: `an id (${idColumns.join(", ")}) and ${fields.join(" or ")} among them`,
    });
  }
  return rows.slice(1).flatMap(({ row, location }) => {
    if (row.join("").trim() === "") return [];
    const [id, text] = [row[idColumn]?.trim(), row[textColumn]?.trim()];
    if (id && text !== undefined) return [{ id, text, location }];
    const expected = `an id and a text in ${fields.join(" or ")}`;
    throw new InvalidDataError({
      source,
      location,
      actual: countedFields(row),
      expected,
    });
  });
}
