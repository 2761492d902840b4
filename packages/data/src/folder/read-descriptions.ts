import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import { z } from "zod";

const entry = z.object({ id: z.union([z.number(), z.string()]) }).loose();
const descriptionsSchema = z.union([z.array(z.string()), z.array(entry), z.record(z.string(), z.string())]);

/**
 * Texts about users or items, in index order: names or profiles.
 *
 * JSON: an array of strings in index order, an array of `{ id, <field> }`, or an object from identifier to text. Any
 * other file: a text a line, in index order. `id` is an identifier of the data, or an index. Who is not in it gets the
 * empty text.
 *
 * @throws InvalidDataError
 */
export async function readDescriptions(
  file: string,
  fields: readonly string[],
  ids: readonly string[],
): Promise<string[]> {
  const text = await readFile(file, "utf8");
  if (extname(file) !== ".json") return inOrder(file, text.replace(/\r?\n$/, "").split(/\r?\n/), ids);
  const descriptions = descriptionsSchema.safeParse(parseJson(file, text));
  if (!descriptions.success) {
    const expected = `an array of texts, an array of { id, ${fields.join(" or ")} }, or an object from identifier to text`;
    throw new InvalidDataError({ source: file, actual: "JSON of another form", expected });
  }
  if (!Array.isArray(descriptions.data)) return byId(file, Object.entries(descriptions.data), ids);
  const entries = descriptions.data;
  if (entries.every((value) => typeof value === "string")) return inOrder(file, entries, ids);
  const pairs = entries.map((value, index): [string, string] => {
    const described =
      typeof value === "string"
        ? undefined
        : fields.map((field) => value[field]).find((part) => typeof part === "string");
    if (typeof value === "string" || typeof described !== "string") {
      const expected = `an id and a text in ${fields.join(" or ")}`;
      throw new InvalidDataError({ source: file, location: `entry ${index}`, actual: "no text", expected });
    }
    return [String(value.id), described];
  });
  return byId(file, pairs, ids);
}

function inOrder(source: string, texts: readonly string[], ids: readonly string[]): string[] {
  if (texts.length > ids.length) {
    throw new InvalidDataError({
      source,
      actual: `${texts.length} texts`,
      expected: `at most ${ids.length}, one for each index`,
    });
  }
  return ids.map((_, index) => texts[index] ?? "");
}

function byId(
  source: string,
  pairs: readonly (readonly [string, string])[],
  ids: readonly string[],
): string[] {
  const indices = new Map(ids.map((id, index) => [id, index]));
  const texts = ids.map(() => "");
  pairs.forEach(([id, text], position) => {
    const index = indices.get(id);
    if (index === undefined) {
      const expected = "an identifier that the interactions or embeddings know";
      throw new InvalidDataError({
        source,
        location: `entry ${position}`,
        actual: `id ${JSON.stringify(id)}`,
        expected,
      });
    }
    texts[index] = text;
  });
  return texts;
}

function parseJson(source: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const actual = `no valid JSON (${cause instanceof Error ? cause.message : cause})`;
    throw new InvalidDataError({ source, actual, expected: "JSON", cause });
  }
}
