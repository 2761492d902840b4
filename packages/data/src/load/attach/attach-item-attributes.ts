import { InvalidDataError, type ItemAttributes } from "@dmrec/core";
import { z } from "zod";
import { formatExtension } from "../../files/format-extension";
import { parseJson } from "../../files/parse-json";
import { readText } from "../../files/read-file";
import { makeItemColumns, withYears } from "../tables/item-columns";
import type { DescribedTable } from "../tables/read-tables";
import { knownIdentifier } from "../whole-identifiers";
import type { AttachOptions } from "./attach-texts";

const entrySchema = z.object({ id: z.union([z.string(), z.number()]).transform(String) }).loose();
type Entry = z.output<typeof entrySchema>;

/** Possible names of the fields. */
const titleFields = ["title", "name"];
const tagFields = ["tags", "categories", "genres"];
const descriptionFields = ["description", "text"];

/**
 * Reads attributes of items, in index order: objects with an `id`, in a JSON array (`.json`) or one in each line
 * (`.jsonl`). `title`, `tags` (a list, or a text with commas) and `description` have fields of their own; other texts
 * and numbers become details. All fields but titles and descriptions become columns. Items that the file does not have get
 * `{}`. Items that the data does not have are left out with a warning.
 *
 * @throws InvalidDataError naming the entry.
 */
export async function attachItemAttributes(
  file: string,
  { ids, onWarning }: AttachOptions,
): Promise<DescribedTable> {
  const text = await readText(file);
  const entries = formatExtension(file) === ".jsonl" ? linesOf(file, text) : arrayOf(file, text);
  const present = new Set(ids);
  const found = new Map<string, Entry>();
  const unknown: { readonly id: string; readonly location: string }[] = [];
  for (const { value, location } of entries) {
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) {
      const expected = 'an object with an "id"';
      throw new InvalidDataError({ source: file, location, actual: "no item", expected });
    }
    const id = knownIdentifier(parsed.data.id, present);
    if (present.has(id)) found.set(id, parsed.data);
    else unknown.push({ id, location });
  }
  if (found.size === 0) {
    const expected = "items of the interactions or embeddings";
    throw new InvalidDataError({ source: file, actual: "none of the data's items", expected });
  }
  if (unknown.length > 0) {
    const [{ id, location }] = unknown;
    const message = `id ${JSON.stringify(id)} is not in the interactions or embeddings; it is left out`;
    onWarning({ source: file, location, message, count: unknown.length });
  }
  const rows = ids.map((id) => found.get(id));
  const attributes = rows.map((row) => (row ? attributesOf(row) : {}));
  const identifying = ["id", ...titleFields, ...descriptionFields];
  const names = [...new Set([...found.values()].flatMap((entry) => Object.keys(entry)))].filter(
    (name) => !identifying.includes(name),
  );
  return { attributes, columns: withYears(makeItemColumns(rows, { names, tags: tagFields }), attributes) };
}

function attributesOf(entry: Entry): ItemAttributes {
  const textIn = (fields: readonly string[]) =>
    fields.map((field) => entry[field]).find((value) => typeof value === "string" && value.trim() !== "");
  const [title, description] = [textIn(titleFields), textIn(descriptionFields)];
  const tags = tagFields.flatMap((field) => listOf(entry[field]));
  const ownFields = ["id", ...titleFields, ...tagFields, ...descriptionFields];
  const details = Object.entries(entry).flatMap(([name, value]) =>
    !ownFields.includes(name) && (typeof value === "string" || typeof value === "number")
      ? [[name, value]]
      : [],
  );
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(details.length > 0 ? { details: Object.fromEntries(details) } : {}),
  };
}

function listOf(value: unknown): string[] {
  const parts: unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : [];
  return parts.flatMap((part) => (typeof part === "string" && part.trim() !== "" ? [part.trim()] : []));
}

interface Located {
  readonly value: unknown;
  readonly location: string;
}

function arrayOf(source: string, text: string): Located[] {
  const value = parseJson(source, text);
  if (!Array.isArray(value))
    throw new InvalidDataError({
      source,
      actual: "JSON that is not an array",
      expected: "an array of items",
    });
  return value.map((entry: unknown, index) => ({ value: entry, location: `entry ${index}` }));
}

function linesOf(source: string, text: string): Located[] {
  return text.split("\n").flatMap((line, index) => {
    const location = `line ${index + 1}`;
    return line.trim() === "" ? [] : [{ value: parseJson(source, line, location), location }];
  });
}
