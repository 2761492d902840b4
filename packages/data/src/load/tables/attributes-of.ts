import type { ItemAttributes } from "@dmrec/core";
import type { TableValues } from "../../formats/table/table";
import { parsePython } from "../../formats/text/python-literal";
import type { TextColumns } from "./text-columns";

/** The attributes in a row of a table. */
export function attributesOf(
  values: TableValues,
  { titles, tags: tagColumns, descriptions, details: detailColumns }: TextColumns,
  wordColumns: ReadonlySet<string> = new Set(),
): ItemAttributes {
  const title = titles.map((name) => textOf(values[name])).find((text) => text !== "") ?? "";
  const tags = [...new Set(tagColumns.flatMap((name) => tagsOf(values[name], wordColumns.has(name))))];
  const description = descriptions
    .map((name) => textOf(values[name]))
    .filter((text) => text !== "")
    .join(" ");
  const details = detailColumns
    .map((name) => [name, textOf(values[name])] as const)
    .filter(([, text]) => text !== "");
  return {
    ...(title === "" ? {} : { title }),
    ...(tags.length > 0 ? { tags } : {}),
    ...(description === "" ? {} : { description }),
    ...(details.length > 0 ? { details: Object.fromEntries(details) } : {}),
  };
}

/**
 * A value as text: lists with commas, objects by their names, entities of HTML as their characters. Values that say that
 * nothing is known are empty.
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== "")
      .join(", ");
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "object" && value !== null && "name" in value) return textOf(value.name);
  const text = typeof value === "string" ? withoutEntities(value.trim()) : "";
  return /^(nan|null|none|n\/a|\\n)$/i.test(text) ? "" : text;
}

/** HTML entities that are common in titles, by name. */
const entities = new Map(Object.entries({ amp: "&", quot: '"', apos: "'", lt: "<", gt: ">" }));

function withoutEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi,
    (entity, decimal, hexadecimal, name) => {
      if (name !== undefined) return entities.get(name) ?? entity;
      const character = String.fromCodePoint(
        decimal === undefined ? Number(`0x${hexadecimal}`) : Number(decimal),
      );
      return /[\p{Cc}\p{Cs}]/u.test(character) ? entity : character;
    },
  );
}

/** The tags in a value: a list, a list as Python or JSON writes it, or words between `|`, `;` or commas. */
export function tagsOf(value: unknown, isWords: boolean): string[] {
  const parts = Array.isArray(value) ? flatTexts(value) : separated(textOf(value), isWords);
  return parts.map((part) => part.trim()).filter((part) => part !== "" && part !== "(no genres listed)");
}

/** The texts of a list, and of the lists in it. */
function flatTexts(list: readonly unknown[]): string[] {
  return list.flatMap((value) => (Array.isArray(value) ? flatTexts(value) : [textOf(value)]));
}

function separated(text: string, isWords: boolean): string[] {
  const isList = /^\[.*\]$/s.test(text);
  const list = isList ? parsePython(text)?.value : undefined;
  if (Array.isArray(list)) return flatTexts(list);
  // Words are between spaces, unless commas divide texts of several words.
  if (isWords && !/,\s/.test(text)) return text.split(/\s+/);
  const separator = ["|", ";", ","].find((character) => text.includes(character));
  if (isList) return text.slice(1, -1).split(",").map(withoutQuotes);
  return separator === undefined ? [text] : text.split(separator).map(withoutQuotes);
}

function withoutQuotes(part: string): string {
  return part.trim().replace(/^(['"])(.*)\1$/, "$2");
}
