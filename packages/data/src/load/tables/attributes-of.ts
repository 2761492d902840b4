import type { ItemAttributes } from "@dmrec/core";
import type { TableValues } from "../../formats/table/table";
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

/** A value as text: lists with commas. Values that say that nothing is known are empty. */
export function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== "")
      .join(", ");
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = typeof value === "string" ? value.trim() : "";
  return /^(nan|null|none|n\/a|\\n)$/i.test(text) ? "" : text;
}

/** The tags in a value: a list, a list as Python or JSON writes it, or words between `|`, `;` or commas. */
export function tagsOf(value: unknown, isWords: boolean): string[] {
  const parts = Array.isArray(value) ? value.map(textOf) : separated(textOf(value), isWords);
  return parts.map((part) => part.trim()).filter((part) => part !== "" && part !== "(no genres listed)");
}

function separated(text: string, isWords: boolean): string[] {
  if (isWords) return text.split(/\s+/);
  const isList = /^\[.*\]$/s.test(text);
  const separator = ["|", ";", ","].find((character) => text.includes(character));
  const parts = separator === undefined || isList ? [text] : text.split(separator);
  if (!isList) return parts;
  return text
    .slice(1, -1)
    .split(",")
    .map((part) => part.trim().replace(/^(['"])(.*)\1$/, "$2"));
}
